"""Published against measured ρ, one point per cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled

COLOURS = (
    palette.BLUE,
    palette.ORANGE,
    palette.GREEN,
    palette.PURPLE,
    palette.SKY_BLUE,
    palette.VERMILLION,
    palette.YELLOW,
    palette.MUTED,
)
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down")


class PublishedMeasuredData(NamedTuple):
    """Cells with both values known; arrays of shape (m,)."""

    title: str
    groups: list[str]
    """Row of each cell, which determines its colour."""
    names: list[str]
    published: NDArray[np.float64]
    measured: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """Interval of the measured ρ; nan if there is none."""


def published_measured_data(cells: pd.DataFrame) -> PublishedMeasuredData:
    """Collect ``cells``: columns group, name, published, measured, low, high; nan where unknown."""
    known = cells[cells["published"].notna() & cells["measured"].notna()]
    figures = (known[name].to_numpy(float) for name in ("published", "measured", "low", "high"))
    return PublishedMeasuredData(_title(known), known["group"].tolist(), known["name"].tolist(), *figures)


def published_measured_figure(data: PublishedMeasuredData) -> go.Figure:
    """Draw one colour and symbol per row of the table; on the dotted line both values are equal."""
    if not data.names:
        return empty(data.title, "nothing to compare yet")
    figure = go.Figure()
    for place, group in enumerate(dict.fromkeys(data.groups)):
        which = np.array([each == group for each in data.groups])
        figure.add_trace(_points(data, which, group, COLOURS[place % 8], SYMBOLS[place % 8]))
    span = _span(data)
    figure.add_shape(
        type="line", x0=span[0], y0=span[0], x1=span[1], y1=span[1], line={"color": palette.MUTED, "dash": "dot"}
    )
    styled(figure, data.title)
    figure.update_layout(
        showlegend=len(figure.data) > 1,
        hovermode="closest",
        legend={"x": 0, "xanchor": "left", "y": -0.22, "yanchor": "top"},
    )
    figure.update_xaxes(title_text="published ρ", range=span)
    figure.update_yaxes(title_text="measured ρ, 95 % interval", range=span)
    return figure


def _points(data: PublishedMeasuredData, which: NDArray[np.bool_], group: str, colour: str, symbol: str) -> go.Scatter:
    measured, published = data.measured[which], data.published[which]
    names = [name for name, chosen in zip(data.names, which, strict=True) if chosen]
    return go.Scatter(
        x=published,
        y=measured,
        error_y={
            "type": "data",
            "array": (data.high - data.measured)[which],
            "arrayminus": (data.measured - data.low)[which],
            "thickness": 1,
            "width": 3,
            "color": colour,
        },
        mode="markers",
        name=group,
        marker={"size": 10, "color": colour, "symbol": symbol},
        customdata=[(name, rounded(p), rounded(m)) for name, p, m in zip(names, published, measured, strict=True)],
        hovertemplate=f"{group}, %{{customdata[0]}}<br>published %{{customdata[1]}}, measured %{{customdata[2]}}"
        "<extra></extra>",
    )


def _span(data: PublishedMeasuredData) -> tuple[float, float]:
    """Return the range of both axes: all points and intervals, with some room."""
    values = np.concatenate([data.published, data.measured, data.low, data.high])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = 0.06 * max(high - low, 0.2)
    return low - room, high + room


def _title(known: pd.DataFrame) -> str:
    """State the mean difference, or that of a single cell."""
    if known.empty:
        return "Published against measured"
    difference = float((known["measured"] - known["published"]).mean())
    judged = known.dropna(subset=["low", "high"])
    inside = int(judged["published"].between(judged["low"], judged["high"]).sum())
    side = "higher" if difference > 0 else "lower"
    amount = "as published" if rounded(difference) == "0.00" else f"{rounded(abs(difference))} {side} than published"
    mean = " on average" if len(known) > 1 else ""
    finding = f"Measured ρ {amount}{mean}"
    if judged.empty:
        return finding
    contain = "contain" if len(judged) > 1 else "contains"
    return f"{finding};<br>{inside} of {len(judged)} intervals {contain} the published one"
