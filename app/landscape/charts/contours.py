"""Contour maps of loss surfaces on one colour scale, with the optimisation path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.layout import empty, styled
from app.charts.scene import place
from app.charts.shown import Shown
from app.charts.surface_titles import by_barrier, with_remarks
from app.charts.surfaces import SurfacesData, in_plane, landscapes_data, remarks
from eproxy_engine.landscape.landscape import Landscape

MOST_LEVELS = 20
NEAREST_LABELS = 0.05
"""Smallest distance of two numbers on a path, as a share of a side; closer ones are omitted."""
COLUMNS, ROW_PIXELS = 2, 400
_WHITE = "#FFFFFF"


class ContoursData(NamedTuple):
    """Data of the chart."""

    maps: SurfacesData
    labels: list[list[str]]
    """Iterations of the points of the paths, empty where two would overlap."""


def contours_data(shown: Sequence[Shown], logarithmic: bool) -> ContoursData:
    """Prepare one map of each landscape, as far as it is computed."""
    maps = landscapes_data(shown, logarithmic, _title(shown, logarithmic))
    return ContoursData(maps, [_labels(each.landscape) for each in shown])


def contours_figure(data: ContoursData) -> go.Figure:
    """Draw square maps, two per row. The path goes from a black point to a white diamond; a cross marks the centre."""
    maps = data.maps
    if maps.z_range is None:
        return empty(maps.title, maps.nothing)
    count = len(maps.z)
    rows = -(-count // COLUMNS)
    titles = [",<br>".join(each.rsplit(", ", 1)) for each in maps.titles]  # one line would reach into the next title
    figure = make_subplots(
        rows, min(count, COLUMNS), subplot_titles=titles, horizontal_spacing=0.08, vertical_spacing=0.16
    )
    for i in range(count):
        for trace in _map(maps, data.labels[i], i):
            figure.add_trace(trace, **place(i, count))
    styled(figure, maps.title)
    low, high = maps.z_range
    bar = {"title": {"text": maps.loss_title}, "thickness": 12, "outlinewidth": 0}
    figure.update_layout(
        coloraxis={"colorscale": palette.SCALE, "cmin": low, "cmax": max(high, low + 1e-12), "colorbar": bar},
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 100, "b": 8},
        height=ROW_PIXELS * rows + 80,
    )
    for i, (x, y) in enumerate(zip(maps.x, maps.y, strict=True)):
        where = place(i, count)
        figure.update_xaxes(
            range=[x[0], x[-1]], constrain="domain", title_text="first direction", showgrid=False, **where
        )
        figure.update_yaxes(
            range=[y[0], y[-1]],
            constrain="domain",
            scaleanchor=f"x{i + 1 if i else ''}",
            scaleratio=float((x[-1] - x[0]) / (y[-1] - y[0])),
            title_text="second direction" if where["col"] == 1 else None,
            showticklabels=where["col"] == 1,
            showgrid=False,
            **where,
        )
    return figure


def levels(low: float, high: float) -> tuple[float, float]:
    """Return the first level and the distance of at most :data:`MOST_LEVELS` levels: 1, 2 or 5 times a power of ten.

    >>> levels(0.3, 6.2)
    (0.5, 0.5)
    """
    least = (high - low) / MOST_LEVELS or 1.0
    power = 10.0 ** np.floor(np.log10(least))
    step = float(next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least))
    return float(np.ceil(low / step)) * step, step


def _map(data: SurfacesData, labels: list[str], i: int) -> list[go.Contour | go.Scatter]:
    """Draw the contours, the centre, and the path in white on black, because it crosses all colours."""
    assert data.z_range is not None
    low, high = data.z_range
    start, step = levels(low, high)
    contours = go.Contour(
        x=data.x[i],
        y=data.y[i],
        z=data.z[i],
        coloraxis="coloraxis",
        autocontour=False,
        contours={"start": start, "end": high, "size": step},
        connectgaps=False,
        line={"width": 0.5, "color": "rgba(255,255,255,0.5)"},
        hovertemplate=f"first direction %{{x:.3g}}<br>second direction %{{y:.3g}}<br>{data.loss_title} %{{z:.4g}}"
        "<extra></extra>",
        hoverongaps=False,
    )
    cross = {"symbol": "cross-thin", "size": 22, "line": {"color": palette.SELECTED, "width": 3}}
    centre = go.Scatter(x=[0], y=[0], mode="markers", marker=cross, hovertemplate="centre<extra></extra>")
    path = data.paths[i]
    if not len(path):
        return [contours, centre]
    below = go.Scatter(x=path[:, 0], y=path[:, 1], mode="lines", line={"color": palette.BLACK, "width": 4})
    last = len(path) - 1
    above = go.Scatter(
        x=path[:, 0],
        y=path[:, 1],
        mode="lines+markers+text",
        line={"color": _WHITE, "width": 2},
        marker={
            "symbol": ["diamond" if n == last else "circle" for n in range(last + 1)],
            "size": [13 if n in (0, last) else 6 for n in range(last + 1)],
            "color": [palette.BLACK if n == 0 else _WHITE for n in range(last + 1)],
            "line": {"color": [_WHITE if n == 0 else palette.BLACK for n in range(last + 1)], "width": 2},
        },
        text=labels,
        textposition="top center",
        textfont={"color": _WHITE, "size": 13, "shadow": "0 0 3px #000, 0 0 3px #000, 0 0 2px #000"},
        customdata=data.path_texts[i],
        hovertemplate="%{customdata}<extra></extra>",
    )
    return [contours, centre, below.update(hoverinfo="skip"), above]


def _labels(landscape: Landscape) -> list[str]:
    """Number the first and the last point, and every other point that is far enough from all numbered ones.

    None for a path that leaves the plane.
    """
    if not in_plane(landscape):
        return []
    path, side = landscape.path[:, :2], float(np.ptp(landscape.x))
    order = [0, len(path) - 1, *range(1, len(path) - 1)] if len(path) > 1 else range(len(path))
    numbered: list[int] = []
    for n in order:
        away = [float(np.hypot(*(path[n] - path[other]))) for other in numbered]
        if len(numbered) < 2 or min(away) >= NEAREST_LABELS * side:
            numbered.append(n)
    return [str(after) if n in numbered else "" for n, after in enumerate(landscape.path_iterations)]


def _title(shown: Sequence[Shown], logarithmic: bool) -> str:
    explained = [each.landscape.explained for each in shown]
    if not shown or not np.isfinite(explained).all():
        return with_remarks("Contours of the loss", remarks(shown, logarithmic))
    if not any(in_plane(each.landscape) for each in shown):
        return with_remarks(
            "The training path leaves the plane: less than 1% of its variance lies in it", remarks(shown, logarithmic)
        )
    shares = by_barrier((_share(each.landscape), each.barrier) for each in shown)
    return with_remarks(f"Share of the path's variance in the plane: {shares}", remarks(shown, logarithmic))


def _share(landscape: Landscape) -> str:
    return f"{landscape.explained:.0%}" if in_plane(landscape) else "less than 1%"
