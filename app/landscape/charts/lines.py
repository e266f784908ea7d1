"""Losses along lines through parameter space, overlaid and labelled at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, styled

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
_MARKERS = 9
_FEW_DECADES = 3  # with fewer, 2 and 5 times the powers of ten are labelled too
_LINE_OF_TEXT = 0.07  # share of the chart's height
_CHARACTER = 7  # pixels


class Line(NamedTuple):
    """One line of the chart."""

    name: str
    """Name in the hover box."""
    label: str
    """Label at its right end; empty for none."""
    barrier: bool
    dashed: bool
    symbol: str | None
    """Symbol of its markers; None for no markers."""
    x: NDArray[np.float64]
    loss: NDArray[np.float64]
    """Losses; nan is a gap."""


class LabelAt(NamedTuple):
    """Label next to the end of its line, at a share of the chart's height."""

    text: str
    barrier: bool
    height: float


def loss_range(lines: Sequence[Line], logarithmic: bool) -> tuple[float, float] | None:
    """Return the range of the vertical axis with some room, in log10 if logarithmic; None if there is no loss."""
    losses = np.concatenate([each.loss for each in lines] or [np.empty(0)])
    known = losses[np.isfinite(losses) & ((losses > 0) | (not logarithmic))]
    if not known.size:
        return None
    low, high = (float(np.log10(end)) if logarithmic else float(end) for end in (known.min(), known.max()))
    room = 0.05 * (high - low) or 0.5
    return low - room, high + room


def labels_at(lines: Sequence[Line], logarithmic: bool, span: tuple[float, float]) -> list[LabelAt]:
    """Place the labels from the lowest up, moved apart where they would overlap."""
    found = []
    for line in lines:
        drawn = line.loss[np.isfinite(line.loss) & ((line.loss > 0) | (not logarithmic))]
        if line.label and drawn.size:
            end = float(np.log10(drawn[-1]) if logarithmic else drawn[-1])
            found.append(LabelAt(line.label, line.barrier, (end - span[0]) / (span[1] - span[0])))
    found.sort(key=lambda label: label.height)
    apart: list[LabelAt] = []
    for label in found:
        lowest = apart[-1].height + _LINE_OF_TEXT if apart else -np.inf
        apart.append(label._replace(height=max(label.height, lowest)))
    above = max(apart[-1].height - 1, 0) if apart else 0
    return [label._replace(height=label.height - above) for label in apart]


def lines_figure(title: str, lines: Sequence[Line], x_title: str, logarithmic: bool, nothing: str) -> go.Figure:
    """Draw all lines in the colours of the barrier. ``nothing``: message if there is no loss to draw."""
    span = loss_range(lines, logarithmic)
    if span is None:
        return empty(title, nothing)
    figure = go.Figure()
    for line in lines:
        figure.add_trace(
            go.Scatter(
                x=line.x,
                y=line.loss,
                name=line.name,
                mode="lines+markers" if line.symbol else "lines",
                line={"color": _colour(line.barrier), "width": 2.5, "dash": "dash" if line.dashed else "solid"},
                marker={"symbol": line.symbol, "size": 9, "maxdisplayed": _MARKERS} if line.symbol else None,
                connectgaps=False,
                showlegend=False,
                hovertemplate=f"{line.name}<br>%{{x:.3g}}: loss %{{y:.4g}}<extra></extra>",
            )
        )
    styled(figure, title)
    labels = labels_at(lines, logarithmic, span)
    for label in labels:
        figure.add_annotation(
            text=label.text,
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=label.height,
            yref="paper",
            yanchor="middle",
            showarrow=False,
            font={"color": _colour(label.barrier), "size": 13},
        )
    room = _CHARACTER * max((len(label.text) for label in labels), default=0)
    figure.update_layout(margin={"l": 8, "r": 16 + room, "t": 96, "b": 8}, hovermode="closest")
    figure.update_xaxes(title_text=x_title, range=[float(lines[0].x[0]), float(lines[0].x[-1])])
    figure.update_yaxes(title_text="loss", type="log" if logarithmic else "linear", range=list(span))
    if logarithmic and span[1] - span[0] < _FEW_DECADES:
        values = [digit * 10.0**power for power in range(-12, 13) for digit in (1, 2, 5)]
        figure.update_yaxes(tickvals=values, ticktext=[f"{value:g}" for value in values])  # plotly writes just "5"
    elif logarithmic:
        figure.update_yaxes(dtick=1)
    return figure


def symbols(barriers: Sequence[bool]) -> list[str | None]:
    """Return one symbol per line: an architecture's lines with and without the barrier share one.

    None for all if there is at most one line of either kind.
    """
    places = [sum(other == barrier for other in barriers[:i]) for i, barrier in enumerate(barriers)]
    return [SYMBOLS[place % len(SYMBOLS)] if max(places) else None for place in places]


def _colour(barrier: bool) -> str:
    return palette.BARRIER if barrier else palette.NO_BARRIER
