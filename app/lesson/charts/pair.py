"""Loss curves of a good and a bad architecture, with or without the barrier."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, styled

Floats = NDArray[np.float64]


class PairData(NamedTuple):
    """Data of the chart; losses are nan from a divergence on."""

    title: str
    good: Floats
    """``[iterations]``."""
    bad: Floats
    barrier: bool
    marked: int
    """The chosen iteration, from 1."""


def pair_data(good: Floats, bad: Floats, barrier: bool, marked: int) -> PairData:
    """Prepare ``good`` and ``bad``: losses before each update, ``[iterations]``; not finite once diverged."""
    one, other = (np.where(np.isfinite(each), each, np.nan) for each in (good, bad))
    told = ", ".join(
        f"{name} {_loss(each[marked - 1] if len(each) >= marked else np.nan)}"
        for name, each in (("good", one), ("bad", other))
    )
    return PairData(f"{'With' if barrier else 'Without'} the barrier, loss: {told}", one, other, barrier, marked)


def pair_figure(data: PairData, *, log: bool = False) -> go.Figure:
    """Draw loss by iteration: good solid with filled points, bad dashed with open points."""
    if not (np.isfinite(data.good).any() or np.isfinite(data.bad).any()):
        return empty(data.title, "nothing computed yet, or diverged at the first iteration")
    colour = palette.BARRIER if data.barrier else palette.NO_BARRIER
    figure = go.Figure()
    for name, losses, dash, symbol in (
        ("the good one", data.good, "solid", "circle"),
        ("the bad one", data.bad, "dash", "circle-open"),
    ):
        figure.add_trace(
            go.Scatter(
                x=np.arange(1, len(losses) + 1),
                y=losses,
                mode="lines+markers",
                name=name,
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"color": colour, "size": 8, "symbol": symbol, "line": {"width": 2, "color": colour}},
                hovertemplate=f"{name}<br>iteration %{{x}}, loss %{{y:.4g}}<extra></extra>",
            )
        )
    figure.add_vline(data.marked, line={"color": palette.MUTED, "width": 1.5, "dash": "dot"})
    styled(figure, data.title)
    figure.update_layout(height=400, showlegend=True)
    figure.update_xaxes(title_text="iteration", tickformat="d", dtick=1 if len(data.good) <= 12 else None)
    figure.update_yaxes(title_text="loss (mean squared error)", type="log" if log else "linear")
    return figure


def _loss(loss: float) -> str:
    return f"{loss:.3g}" if np.isfinite(loss) else "diverged"
