"""Two scores of the same architectures in one picture, by their ranks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled, wrapped
from app.views.difference import told
from eproxy_engine.statistics import Difference

MOST_JOINED = 200
"""Architectures above which lines between the two places of each would hide the points."""


class OverlayData(NamedTuple):
    """Data of the chart; ranks count from 1, the lowest, and ties share their mean."""

    title: str
    names: tuple[str, str]
    texts: list[str]
    """Architectures."""
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    """Ranks by the two scores, shape (n,)."""
    accuracy: NDArray[np.float64]
    """Ranks by accuracy, shape (n,)."""


def overlay_data(
    rows: pd.DataFrame, other: NDArray[np.float64], names: tuple[str, str], rho: Difference
) -> OverlayData:
    """Rank the architectures of ``rows`` (architecture, accuracy, score; −inf: diverged) by both scores.

    ``other``: the second score, one per row. ``names``: of the two scores. ``rho``: the difference of their ρ.
    """
    ranks = [pd.Series(values).rank().to_numpy(float) for values in (rows["score"], other, rows["accuracy"])]
    title = f"Δρ = {told(rho)}, n = {rho.n:,}: {names[0]} {rounded(rho.first)}, {names[1]} {rounded(rho.second)}"
    return OverlayData(title, names, rows["architecture"].tolist(), *ranks)


def overlay_figure(data: OverlayData, colour: str = palette.BARRIER, other: str = palette.MUTED) -> go.Figure:
    """Draw the first score's ranks filled, the second's hollow; on the diagonal the order is right.

    Where there are few architectures, a line joins the two places of each.
    """
    n = len(data.texts)
    if not n:
        return empty(data.title, "no architecture is evaluated in both yet")
    figure = go.Figure()
    line = {"color": palette.MUTED, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=1, y0=1, x1=n, y1=n, line=line, layer="below")
    if n <= MOST_JOINED:
        figure.add_trace(_joins(data))
    size = 9 if n <= 500 else 6
    hollow = {"color": other, "size": size, "symbol": "circle-open", "line": {"width": 1.5, "color": other}}
    filled = {"color": colour, "size": size, "opacity": 0.85 if n <= 500 else 0.5}
    figure.add_trace(_points(data, data.second, data.names[1], hollow))
    figure.add_trace(_points(data, data.first, data.names[0], filled))
    styled(figure, data.title)
    figure.update_layout(hovermode="closest", showlegend=True)
    figure.update_xaxes(title_text="rank of score (1: lowest)")
    figure.update_yaxes(title_text="rank of accuracy (1: lowest)")
    return figure


def _joins(data: OverlayData) -> go.Scatter:
    gap = np.full(len(data.texts), np.nan)
    return go.Scatter(
        x=np.column_stack([data.first, data.second, gap]).ravel(),
        y=np.column_stack([data.accuracy, data.accuracy, gap]).ravel(),
        mode="lines",
        line={"color": palette.MUTED, "width": 1},
        opacity=0.35,
        hoverinfo="skip",
        showlegend=False,
    )


def _points(data: OverlayData, ranks: NDArray[np.float64], name: str, marker: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        x=ranks,
        y=data.accuracy,
        mode="markers",
        name=name,
        marker=marker,
        customdata=[(text, wrapped(text)) for text in data.texts],
        hovertemplate="%{customdata[1]}<br>rank of accuracy %{y}<br>rank of score %{x}<extra>" + name + "</extra>",
    )
