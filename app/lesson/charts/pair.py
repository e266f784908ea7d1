"""Loss curves of all architectures, a good and a bad one in front, with or without the barrier."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, styled

Floats = NDArray[np.float64]
EXPLODING = 0.01
"""Share of the losses, the highest, that may lie outside the picture."""


class PairData(NamedTuple):
    """Data of the chart; losses are nan from a divergence on."""

    title: str
    good: Floats
    """``[iterations]``."""
    bad: Floats
    barrier: bool
    marked: int
    """The chosen iteration, from 1."""
    everybody: Floats
    """Losses of all architectures, ``[n, iterations]``; none in a picture of two."""
    span: tuple[float, float] | None
    """Range of the bulk of the losses, which a few that explode must not set; None without a loss."""


def pair_data(good: Floats, bad: Floats, barrier: bool, marked: int, everybody: Floats | None = None) -> PairData:
    """Prepare ``good`` and ``bad``: losses before each update, ``[iterations]``; not finite once diverged.

    ``everybody``: losses of all architectures, ``[n, iterations]``.
    """
    rest = np.empty((0, len(good))) if everybody is None else np.where(np.isfinite(everybody), everybody, np.nan)
    one, other = (np.where(np.isfinite(each), each, np.nan) for each in (good, bad))
    told = ", ".join(
        f"{name} {_loss(each[marked - 1] if len(each) >= marked else np.nan)}"
        for name, each in (("good", one), ("bad", other))
    )
    title = f"{'With' if barrier else 'Without'} the barrier<br>loss: {told}"
    return PairData(title, one, other, barrier, marked, rest, _span(np.vstack([rest, one, other])))


def pair_figure(data: PairData, *, log: bool = False) -> go.Figure:
    """Draw loss by iteration: good solid with filled points, bad dashed with open points."""
    if not (np.isfinite(data.good).any() or np.isfinite(data.bad).any()):
        return empty(data.title, "nothing computed yet, or diverged at the first iteration")
    colour = palette.BARRIER if data.barrier else palette.NO_BARRIER
    figure = go.Figure()
    if len(data.everybody):
        figure.add_trace(_crowd(data.everybody))
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
                line={"color": colour, "width": 3.5, "dash": dash},
                marker={"color": colour, "size": 8, "symbol": symbol, "line": {"width": 2, "color": colour}},
                hovertemplate=f"{name}<br>iteration %{{x}}, loss %{{y:.4g}}<extra></extra>",
            )
        )
    figure.add_vline(data.marked, line={"color": palette.MUTED, "width": 1.5, "dash": "dot"})
    styled(figure, data.title)
    below = {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.22, "yanchor": "top"}
    figure.update_layout(height=430, showlegend=True, legend=below, margin_t=70)
    figure.update_xaxes(title_text="iteration", tickformat="d", dtick=1 if len(data.good) <= 12 else None)
    figure.update_yaxes(title_text="loss (mean squared error)", type="log" if log else "linear")
    if data.span and (data.span[0] > 0 or not log):
        low, high = np.log10(data.span) if log else data.span
        room = 0.05 * (high - low) or 0.5
        figure.update_yaxes(range=[low - room, high + room])
    return figure


def _crowd(losses: Floats) -> go.Scatter:
    """All curves as one line that is interrupted between them, as a trace for each would be slow."""
    count, iterations = losses.shape
    across = np.tile(np.append(np.arange(1.0, iterations + 1), np.nan), count)
    up = np.column_stack([losses, np.full(count, np.nan)]).ravel()
    return go.Scatter(
        x=across,
        y=up,
        mode="lines",
        name=f"all {count}",
        line={"color": palette.MUTED, "width": 1},
        opacity=0.35,
        hoverinfo="skip",
    )


def _span(losses: Floats) -> tuple[float, float] | None:
    """Lowest and highest loss, without the few that explode."""
    known = losses[np.isfinite(losses)]
    return (float(known.min()), float(np.quantile(known, 1 - EXPLODING))) if known.size else None


def _loss(loss: float) -> str:
    return f"{loss:#.3g}".removesuffix(".") if np.isfinite(loss) else "diverged"
