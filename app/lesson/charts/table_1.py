"""Table 1 of the paper as a coloured grid: ρ by barrier and learning rate after some iterations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled

BARRIERS = {True: "with the barrier", False: "without"}
COLOUR_RANGE = (-0.5, 1.0)
"""Range of the colours; values outside get the colour of the nearest end."""


class GridData(NamedTuple):
    """Data of the chart: one row with the barrier, one without, one column per learning rate, the largest first."""

    title: str
    learning_rates: list[float]
    rho: NDArray[np.float64]
    """ρ, ``[2, learning rates]``; nan where unknown."""
    texts: list[list[str]]
    """Texts of the cells."""


def grid_data(
    title: str,
    rho: Mapping[tuple[bool, float], float],
    intervals: Mapping[tuple[bool, float], tuple[float, float]] | None = None,
) -> GridData:
    """Arrange the cells, given by (barrier, learning rate)."""
    rates = sorted({rate for _, rate in rho}, reverse=True)
    values = np.array([[rho.get((on, rate), np.nan) for rate in rates] for on in BARRIERS], dtype=float)
    values = values.reshape(len(BARRIERS), len(rates))
    ends = intervals or {}
    texts = [[_text(rho.get((on, rate)), ends.get((on, rate))) for rate in rates] for on in BARRIERS]
    return GridData(title, rates, values, texts)


def grid_figure(data: GridData) -> go.Figure:
    """Draw the cells with ρ, and its interval below if known."""
    if not data.learning_rates:
        return empty(data.title, "nothing to rank yet")
    low, high = COLOUR_RANGE
    figure = go.Figure(
        go.Heatmap(
            z=data.rho,
            x=[f"{rate:g}" for rate in data.learning_rates],
            y=list(BARRIERS.values()),
            text=data.texts,
            texttemplate="%{text}",
            textfont={"size": 16},
            zmin=low,
            zmax=high,
            colorscale=palette.SCALE,
            showscale=False,
            xgap=3,
            ygap=3,
            hovertemplate="%{y}, learning rate %{x}<br>ρ = %{z:.2f}<extra></extra>",
            hoverongaps=False,
        )
    )
    styled(figure, data.title)
    figure.update_layout(height=300)
    figure.update_xaxes(title_text="learning rate", type="category", showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def _text(rho: float | None, ends: tuple[float, float] | None) -> str:
    if rho is None or np.isnan(rho):
        return "–"
    if ends is None or np.isnan(ends).any():
        return rounded(rho)
    return f"{rounded(rho)}<br><span style='font-size:12px'>{rounded(ends[0])} to {rounded(ends[1])}</span>"
