"""Loss surfaces with and without the barrier, on one height range and colour scale (Figures 7 and 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts.layout import empty
from app.charts.scene import (
    LOG_LOSS,
    LOSS,
    Floats,
    common_range,
    dressed,
    height_at,
    heights,
    lift,
    path_trace,
    place,
    scenes,
    spanned,
    surface_trace,
    themed,
)
from app.charts.shown import Shown
from app.charts.surface_finding import finding
from app.charts.surface_titles import counted, with_remarks
from eproxy_engine.landscape.landscape import Landscape

MOST_SURFACES = 4
ROUNDING = 1e-6
"""The path begins on the edge of the plane that is made of it, within single precision of this share."""
LEAST_IN_PLANE = 0.01
"""Least share of a path's variance in the plane for the path to be drawn; below, it leaves the plane at once."""


class SurfacesData(NamedTuple):
    """Data of a chart of surfaces, one entry per surface."""

    title: str
    titles: list[str]
    x: list[NDArray[np.float64]]
    y: list[NDArray[np.float64]]
    z: list[NDArray[np.float64]]
    """Losses or their log10; nan is a gap."""
    paths: list[NDArray[np.float64]]
    """Path ``[points, 3]``: first and second direction, and height of the surface there; nan outside it. Empty for one
    that leaves the plane."""
    path_texts: list[list[str]]
    loss_title: str
    z_range: tuple[float, float] | None
    """Range over all surfaces; None if there is no point to draw."""
    nothing: str
    """Message if there is no point to draw."""


def surfaces_data(shown: Sequence[Shown], logarithmic: bool) -> SurfacesData:
    """Prepare at most :data:`MOST_SURFACES` landscapes, each as far as it is computed.

    Raises: ValueError for more surfaces.
    """
    if len(shown) > MOST_SURFACES:
        raise ValueError(f"at most {MOST_SURFACES} surfaces fit a figure, but got {len(shown)}")
    return landscapes_data(shown, logarithmic, surfaces_title(shown, logarithmic))


def landscapes_data(shown: Sequence[Shown], logarithmic: bool, title: str) -> SurfacesData:
    """Prepare any number of landscapes, each as far as it is computed, under a title."""
    found = [each.landscape for each in shown]
    z = [heights(each.loss, logarithmic) for each in found]
    tracks = [track_on(each) if in_plane(each) else each.path[:0] for each in found]
    feet = [
        height_at(each.x, each.y, surface, track[:, :2]) for each, surface, track in zip(found, z, tracks, strict=True)
    ]
    return SurfacesData(
        title=title,
        titles=[titled(each) for each in shown],
        x=[each.x for each in found],
        y=[each.y for each in found],
        z=z,
        paths=[np.column_stack([track[:, :2], up]) for track, up in zip(tracks, feet, strict=True)],
        path_texts=[path_texts(each) for each in found],
        loss_title=LOG_LOSS if logarithmic else LOSS,
        z_range=common_range(z),
        nothing=why_nothing(shown),
    )


def surfaces_figure(data: SurfacesData, dark: bool | None = None) -> go.Figure:
    """Draw one scene per surface, all seen from the same side. ``dark``: the theme; None leaves it to the page."""
    if data.z_range is None:
        return themed(empty(data.title, data.nothing), dark)
    figure = scenes(data.titles)
    for i, (x, y, z) in enumerate(zip(data.x, data.y, data.z, strict=True)):
        where = place(i, len(data.z))
        spanned(figure, x, y, where)
        figure.add_trace(surface_trace(x, y, z, data.loss_title), **where)
        if len(data.paths[i]):
            figure.add_trace(path_trace(data.paths[i], data.path_texts[i], lift(data.z_range)), **where)
    return dressed(figure, data.title, data.loss_title, data.z_range, dark)


def surfaces_title(shown: Sequence[Shown], logarithmic: bool) -> str:
    """State how the surfaces differ, and what is missing in the picture."""
    return with_remarks(finding(shown), remarks(shown, logarithmic))


def titled(shown: Shown) -> str:
    """Return the title of one surface or map, with its progress, because one row alone draws nothing."""
    rows, computed = len(shown.landscape.y), shown.landscape.computed
    return shown.title if shown.landscape.complete else f"{shown.title}: {computed} of {rows} rows"


def remarks(shown: Sequence[Shown], logarithmic: bool) -> list[str]:
    """List rows not computed yet, gaps, and points of the paths outside the square."""
    found = [each.landscape for each in shown]
    rows, computed = sum(len(each.y) for each in found), sum(each.computed for each in found)
    gaps = sum(holes(each, logarithmic) for each in found)
    seen = [each for each in found if in_plane(each)]
    beyond = sum(int((np.abs(track_on(each)[:, :2]) > each.x.max()).any(axis=1).sum()) for each in seen)
    outside = counted(beyond, "point of the path lies", "points of the path lie")
    return [
        "" if computed == rows else f"{computed} of {rows} rows computed",
        counted(gaps, "hole: a point whose loss is not finite", "holes: points whose loss is not finite"),
        f"{outside} outside" if outside else "",
    ]


def track_on(landscape: Landscape) -> Floats:
    """Return the training path, ``[points, 3]``, with points on the edge of the square but for a rounding put there."""
    path, edge = landscape.path.copy(), landscape.x.max()
    across = path[:, :2]
    path[:, :2] = np.where(np.isclose(np.abs(across), edge, rtol=ROUNDING), np.clip(across, -edge, edge), across)
    return path


def in_plane(landscape: Landscape) -> bool:
    """Return whether enough of the training path lies in the plane to be drawn there."""
    return not landscape.explained < LEAST_IN_PLANE  # nan: not computed


def why_nothing(shown: Sequence[Shown]) -> str:
    """Say why no point can be drawn."""
    begun = any(each.landscape.computed for each in shown)
    return "no loss computed so far is finite" if begun else "no row computed yet"


def why_no_lines(shown: Sequence[Shown]) -> str:
    """Say why no line can be drawn; rows are computed after lines."""
    return "no loss on them is finite" if any(each.landscape.complete for each in shown) else "not computed yet"


def holes(landscape: Landscape, logarithmic: bool) -> int:
    """Count the computed points that cannot be drawn."""
    missing = (len(landscape.y) - landscape.computed) * len(landscape.x)
    return int(np.isnan(heights(landscape.loss, logarithmic)).sum()) - missing


def path_texts(landscape: Landscape) -> list[str]:
    """Return hover texts of a path: iteration, and loss at the point itself (off the plane); none if it leaves it."""
    if not in_plane(landscape):
        return []
    points = zip(landscape.path_iterations, landscape.path[:, 2], strict=True)
    return [f"iteration {n}<br>its loss {loss:.4g}" for n, loss in points]
