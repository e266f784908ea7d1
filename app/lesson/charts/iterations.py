"""ρ of the loss by iteration, with and without the barrier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import hex_to_rgb

from app.charts import palette
from app.charts.layout import empty, rounded, styled

Floats = NDArray[np.float64]
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Line(NamedTuple):
    """ρ by iteration of one proxy; nan where it is undefined."""

    barrier: bool
    rho: Floats
    """ρ after each iteration, ``[iterations]``."""
    band_iterations: NDArray[np.int64]
    """Iterations with a known interval."""
    low: Floats
    """Ends of the interval at each of ``band_iterations``."""
    high: Floats

    @property
    def name(self) -> str:
        """Name in legend and hover boxes."""
        return "with the barrier" if self.barrier else "without"


class IterationsData(NamedTuple):
    """Data of the chart."""

    title: str
    lines: list[Line]
    marked: int
    """The chosen iteration."""
    iterations: int


def iterations_data(lines: Sequence[Line], marked: int, learning_rate: float) -> IterationsData:
    """Prepare the lines of one learning rate; their lengths may differ."""
    told = ", ".join(
        f"{rounded(line.rho[marked - 1])} {line.name}"
        for line in lines
        if len(line.rho) >= marked and np.isfinite(line.rho[marked - 1])
    )
    title = f"Learning rate {learning_rate:g}, iteration {marked}:<br>ρ = {told}" if told else f"Iteration {marked}"
    return IterationsData(title, list(lines), marked, max((len(line.rho) for line in lines), default=0))


def iterations_figure(data: IterationsData) -> go.Figure:
    """Draw ρ against iterations on a logarithmic axis, with the 95% intervals as bands."""
    if not any(np.isfinite(line.rho).any() for line in data.lines):
        return empty(data.title, "nothing to rank yet")
    figure = go.Figure()
    for line in data.lines:
        colour = palette.BARRIER if line.barrier else palette.NO_BARRIER
        known = np.isfinite(line.low)
        across, low, high = line.band_iterations[known], line.low[known], line.high[known]
        red, green, blue = hex_to_rgb(colour)
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([across, across[::-1]]),
                y=np.concatenate([high, low[::-1]]),
                fill="toself",
                mode="lines",
                fillcolor=f"rgba({red},{green},{blue},0.18)",
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        figure.add_trace(
            go.Scatter(
                x=np.arange(1, len(line.rho) + 1),
                y=line.rho,
                mode="lines",
                name=line.name,
                line={"color": colour, "width": 2.5, "dash": "solid" if line.barrier else "dash"},
                hovertemplate=f"{line.name}<br>iteration %{{x}}, ρ = %{{y:.2f}}<extra></extra>",
            )
        )
    figure.add_vline(data.marked, line={"color": palette.MUTED, "width": 1.5, "dash": "dot"})
    figure.add_hline(0, line={"color": palette.MUTED, "width": 1})
    styled(figure, data.title)
    ticks = [tick for tick in TICKS if tick <= data.iterations]
    end = float(np.log10(max(data.iterations, 2)))
    figure.update_xaxes(
        title_text="iteration (logarithmic)",
        type="log",
        range=[-0.02 * end, 1.03 * end],
        tickvals=ticks,
        ticktext=list(map(str, ticks)),
    )
    figure.update_yaxes(title_text="ρ with accuracy", range=[-1, 1])
    figure.update_layout(height=440, showlegend=True, margin_t=90)
    return figure
