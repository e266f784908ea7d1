"""Architectures that sort themselves by score from iteration to iteration, beside their true order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.layout import BUTTON, empty, laid_out, rounded, styled
from app.charts.playing import buttons
from eproxy_engine.statistics import ranks

Floats = NDArray[np.float64]
MILLISECONDS, PAUSE = 700, 300
"""How long the dots move from one iteration to the next, and rest there."""
HEIGHT = 470
DOT, IN_FRONT = 7, 15
"""Sizes of dots in pixels: of all, and of the pair."""


class Panel(NamedTuple):
    """Places of all architectures by one exercise."""

    title: str
    barrier: bool
    places: Floats
    """Rank by score, 1 is the highest loss, ``[iterations, n]``."""
    rho: Floats
    """``[iterations]``; nan where undefined."""


class SortingData(NamedTuple):
    """Data of the chart."""

    title: str
    panels: list[Panel]
    true: Floats
    """Rank by accuracy, 1 is the lowest, ``[n]``."""
    pair: list[int]
    """Indices of the good and the bad one; fewer if they are not there."""

    @property
    def iterations(self) -> int:
        """Number of frames."""
        return min((len(panel.places) for panel in self.panels), default=0)


def sorting_data(
    sides: Sequence[tuple[bool, Floats, Floats]], accuracy: Floats, pair: Sequence[int], title: str
) -> SortingData:
    """Rank the architectures.

    Args:
        sides: Barrier or not, scores ``[n, iterations]`` (−inf once diverged), and ρ ``[iterations]``.
        accuracy: ``[n]``.
        pair: Indices of the good and the bad one.
        title: What the picture shows.
    """
    panels = [
        Panel("with the barrier" if barrier else "without the barrier", barrier, ranks(scores.T), rho)
        for barrier, scores, rho in sides
    ]
    return SortingData(title, panels, ranks(accuracy), list(pair))


def sorting_figure(data: SortingData) -> go.Figure:
    """Draw one panel a side, the true order between them, and a button and a slider that go through the iterations.

    A dot keeps its height, the rank by accuracy, and its colour; from iteration to iteration it moves left and right.
    """
    if not data.iterations or not len(data.true):
        return empty(data.title, "nothing to sort yet")
    panels: list[Panel | None] = [data.panels[0], None, *data.panels[1:]]
    figure = make_subplots(
        1,
        len(panels),
        shared_yaxes=True,
        horizontal_spacing=0.03,
        subplot_titles=[panel.title if panel else "the true order" for panel in panels],
    )
    for column, panel in enumerate(panels, 1):
        for trace in _traces(data, panel, 0):
            figure.add_trace(trace, row=1, col=column)
    figure.frames = [
        go.Frame(  # the true order, too: what a frame leaves out is not drawn while the rest moves
            name=str(iteration + 1),
            data=[trace for panel in panels for trace in _traces(data, panel, iteration)],
            traces=list(range(len(figure.data))),
        )
        for iteration in range(data.iterations)
    ]
    return _dressed(figure, data, len(panels))


def _traces(data: SortingData, panel: Panel | None, iteration: int) -> list[go.Scatter]:
    """All dots, the pair, and ρ above them; ``panel`` None is the true order."""
    across = panel.places[iteration] if panel else data.true
    everybody = go.Scatter(
        x=across,
        y=data.true,
        mode="markers",
        marker={"color": data.true, "colorscale": palette.SCALE, "size": DOT},
        hovertemplate="rank by accuracy %{y}, by score %{x}<extra></extra>",
        showlegend=False,
    )
    pair = go.Scatter(
        x=across[data.pair],
        y=data.true[data.pair],
        mode="markers+text",
        text=["good", "bad"][: len(data.pair)],
        textposition="top center",
        marker={"color": palette.SELECTED, "size": IN_FRONT, "line": {"color": palette.MUTED, "width": 1.5}},
        hovertemplate="the %{text} one<br>rank by accuracy %{y}, by score %{x}<extra></extra>",
        showlegend=False,
    )
    rho = panel.rho[iteration] if panel else 1.0
    told = f"ρ = {rounded(rho)}" if np.isfinite(rho) else "no order yet"
    above = go.Scatter(
        x=[len(data.true) / 2],
        y=[1.07 * len(data.true)],
        mode="text",
        text=[f"<b>{told}</b>"],
        textfont={"size": 18},
        hoverinfo="skip",
        showlegend=False,
    )
    return [everybody, pair, above]


def _dressed(figure: go.Figure, data: SortingData, panels: int) -> go.Figure:
    """Set axes, the rising line of a perfect order, and the controls."""
    styled(figure, data.title)
    count = len(data.true)
    for column in range(1, panels + 1):
        line = {"color": palette.MUTED, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=1, y0=1, x1=count, y1=count, line=line, layer="below", row=1, col=column)
    figure.update_xaxes(range=[-0.02 * count, 1.14 * count], title_text="by the exercise: best on the right", nticks=5)
    figure.update_xaxes(title_text="by accuracy: best on the right", row=1, col=2)
    figure.update_yaxes(range=[-0.02 * count, 1.14 * count], nticks=5)
    figure.update_yaxes(title_text="by accuracy: best on top", row=1, col=1)
    return laid_out(
        figure,
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 80, "b": 110},
        updatemenus=[_buttons()],
        sliders=[_slider(data.iterations)],
    )


def _buttons() -> dict[str, Any]:
    on = {
        "frame": {"duration": MILLISECONDS + PAUSE, "redraw": False},
        "transition": {"duration": MILLISECONDS, "easing": "cubic-in-out"},
        "mode": "immediate",
    }
    return buttons("▶ Sort", on, redraw=False, top=62, **BUTTON | {"font": BUTTON["font"] | {"size": 15}})


def _slider(iterations: int) -> dict[str, Any]:
    move = {
        "mode": "immediate",
        "frame": {"duration": MILLISECONDS, "redraw": False},
        "transition": {"duration": MILLISECONDS},
    }
    steps = [{"label": str(n), "method": "animate", "args": [[str(n)], move]} for n in range(1, iterations + 1)]
    return {
        "active": 0,
        "currentvalue": {"prefix": "iteration ", "xanchor": "left"},
        "x": 0.3,
        "len": 0.7,
        "y": 0,
        "pad": {"t": 40},
        "steps": steps,
    }
