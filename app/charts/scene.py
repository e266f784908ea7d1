"""Common parts of a figure's surfaces: scenes side by side, one colour axis, one height range."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
import scipy
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.layout import laid_out, styled

Floats = NDArray[np.float64]
DARK, LIGHT = ("#12181E", "#E6EBEF"), ("#FFFFFF", "#1C2730")
"""Background and text of the themes, as in app/.streamlit/config.toml."""
CAMERA = {
    "eye": {"x": 1.5, "y": -1.6, "z": 1.3},
    "center": {"x": 0, "y": 0, "z": -0.12},
    "up": {"x": 0, "y": 0, "z": 1},
}
"""Initial camera; the corner in front has the lowest coordinates."""
SMALL = {"size": 11}
"""Titles of axes: larger ones lie on the numbers, which also turn with the scene."""
LOSS, LOG_LOSS = "loss", "log<sub>10</sub> loss"
_LIFT = 0.03  # share of the height range: a line right on a surface would be half buried in it


def heights(loss: Floats, logarithmic: bool) -> Floats:
    """Return the losses or their log10; nan where not finite."""
    known = np.where(np.isfinite(loss) & ((loss > 0) | (not logarithmic)), loss, np.nan)
    return np.log10(known) if logarithmic else known


def height_at(x: Floats, y: Floats, surface: Floats, points: Floats) -> Floats:
    """Interpolate the surface ``[len(y), len(x)]`` at ``points`` ``[n, 2]``: bilinear, nan outside and near holes."""
    if not len(points):
        return np.empty(0)
    within = scipy.interpolate.RegularGridInterpolator((y, x), surface, bounds_error=False, fill_value=np.nan)
    return np.asarray(within(points[:, ::-1]), dtype=float)


def common_range(surfaces: list[Floats]) -> tuple[float, float] | None:
    """Return lowest and highest value of all surfaces; None if nothing is finite."""
    known = np.concatenate([each[np.isfinite(each)] for each in surfaces] or [np.empty(0)])
    return (float(known.min()), float(known.max())) if known.size else None


def surface_trace(x: Floats, y: Floats, z: Floats, loss_title: str) -> go.Surface:
    """Draw one surface, coloured by the common colour axis.

    A surface without any point is hidden, because plotly.js fails to draw it and everything after it.
    """
    return go.Surface(
        visible=bool(np.isfinite(z).any()),
        x=x,
        y=y,
        z=z,
        coloraxis="coloraxis",
        connectgaps=False,
        lighting={"ambient": 0.85, "diffuse": 0.35, "specular": 0.05},
        hovertemplate="first direction %{x:.3g}<br>second direction %{y:.3g}"
        f"<br>{loss_title} %{{z:.4g}}<extra></extra>",
    )


def path_trace(points: Floats, texts: list[str], lift: float) -> go.Scatter3d:
    """Draw a path through ``points``, ``[n, 3]``, from the initial point (black) to the last (a white diamond)."""
    last = len(points) - 1
    return go.Scatter3d(
        x=points[:, 0],
        y=points[:, 1],
        z=points[:, 2] + lift,
        mode="lines+markers",
        line={"color": palette.SELECTED, "width": 6},
        marker={
            "symbol": ["diamond" if i == last else "circle" for i in range(last + 1)],
            "size": [8 if i in (0, last) else 4 for i in range(last + 1)],
            "color": [
                palette.BLACK if i == 0 else "#FFFFFF" if i == last else palette.SELECTED for i in range(last + 1)
            ],
            "line": {"color": ["#FFFFFF" if i == 0 else palette.BLACK for i in range(last + 1)], "width": 2},
        },
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def lift(z_range: tuple[float, float]) -> float:
    """Return how far above its surface a path is drawn."""
    return _LIFT * (z_range[1] - z_range[0])


def scenes(titles: list[str]) -> go.Figure:
    """Return a figure of empty scenes, one per title: one, two side by side, or four in a square."""
    rows, columns = (1 if len(titles) <= 2 else 2), min(len(titles), 2)
    specs = [
        [{"type": "scene"} if row * columns + i < len(titles) else None for i in range(columns)] for row in range(rows)
    ]
    figure = make_subplots(
        rows, columns, specs=specs, subplot_titles=titles, horizontal_spacing=0.01, vertical_spacing=0.06
    )
    return figure.update_annotations(font_size=13)  # two of them fit on half a screen


def place(index: int, count: int) -> dict[str, int]:
    """Return row and column, from 1, of scene ``index`` of ``count``."""
    columns = min(count, 2)
    return {"row": index // columns + 1, "col": index % columns + 1}


def spanned(figure: go.Figure, x: Floats, y: Floats, where: dict[str, int]) -> None:
    """Show the whole square of one scene, even while rows are missing."""
    scene = next(figure.select_scenes(**where))
    scene.xaxis, scene.yaxis = ({"range": [float(side[0]), float(side[-1])]} for side in (x, y))


def dressed(
    figure: go.Figure, title: str, loss_title: str, z_range: tuple[float, float], dark: bool | None
) -> go.Figure:
    """Set titles, one height range and one colour scale; ``dark``: None leaves background and text to the page."""
    styled(figure, title)
    low, high = z_range
    room = 0.03 * (high - low) or 0.5
    axis: dict[str, Any] = {
        "gridcolor": palette.MUTED,
        "linecolor": palette.MUTED,
        "showbackground": False,
        "zeroline": False,
        "tickfont": {"size": 10},
    }
    for scene in figure.select_scenes():
        spans = (*(each.range for each in (scene.xaxis, scene.yaxis)), (low - room, high + room))
        titles = ("first direction", "second direction", "")  # the colour bar says what the height is
        scene.xaxis, scene.yaxis, scene.zaxis = (
            axis | {"title": {"text": text, "font": SMALL}, "range": span, "tickvals": inner_ticks(*span)}
            for text, span in zip(titles, spans, strict=True)
        )
        scene.aspectmode, scene.aspectratio = "manual", {"x": 1, "y": 1, "z": 0.75}
        scene.camera, scene.dragmode = CAMERA, "turntable"
    bar = {"title": {"text": loss_title}, "thickness": 12, "len": 0.7, "outlinewidth": 0}
    span = {"cmin": low, "cmax": high if high > low else low + 1e-12}
    laid_out(
        figure,
        coloraxis={"colorscale": palette.SCALE, "colorbar": bar, **span},
        margin={"l": 8, "r": 8, "t": 100, "b": 8},
        uirevision="camera",
    )
    return themed(figure, dark)


def inner_ticks(low: float, high: float) -> list[float]:
    """Return up to four round values away from the ends, where the numbers of two axes would meet in a corner.

    >>> inner_ticks(-1, 1), inner_ticks(0.85, 6.15)
    ([-0.5, 0.0, 0.5], [2.0, 4.0])
    """
    span = high - low
    least = span / 4 or 1.0
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least * (1 - 1e-9))
    first, last = math.ceil((low + 0.15 * span) / step), math.floor((high - 0.05 * span) / step)
    return [round(n * step, 12) + 0.0 for n in range(first, last + 1)]


def themed(figure: go.Figure, dark: bool | None) -> go.Figure:
    """Set background and text colours of a theme, for an HTML file or PNG outside a page."""
    if dark is None:
        return figure
    background, text = DARK if dark else LIGHT
    return figure.update_layout(
        paper_bgcolor=background,
        font={"color": text, "family": "system-ui, sans-serif", "size": 13},
        title_font={"size": 17},
    )
