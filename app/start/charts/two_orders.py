"""All networks twice in order: by their accuracy, and by what the proxy says, with the barrier or without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import laid_out, styled
from eproxy_engine.statistics import ranks

Floats = NDArray[np.float64]
SIDES = (True, False)
"""With and without the barrier, in the order of the buttons."""
HEIGHT = 350
MILLISECONDS = 900
"""How long the dots move when the barrier is switched."""


class TwoOrdersData(NamedTuple):
    """Data of the chart; ranks of shape (n,), 1 is the lowest."""

    by_proxy: dict[bool, Floats]
    """By barrier."""
    by_accuracy: Floats


def two_orders_data(scores: Mapping[bool, Floats], accuracy: Floats) -> TwoOrdersData:
    """Rank the networks; ``scores`` by barrier, −inf where the training diverged."""
    return TwoOrdersData({barrier: ranks(scores[barrier]) for barrier in SIDES}, ranks(accuracy))


def two_orders_figure(data: TwoOrdersData) -> go.Figure:
    """Draw a dot for each network, by the proxy with the barrier; a button a side moves them.

    On the dotted line both orders agree. The page presses the buttons: Streamlit draws a figure that changed anew, and
    dots that jump cannot be followed.
    """
    count = len(data.by_accuracy)
    figure = go.Figure(
        _dots(data, True),
        frames=[go.Frame(name=_name(barrier), data=[_dots(data, barrier)], traces=[0]) for barrier in SIDES],
    )
    line = {"color": palette.MUTED, "width": 1.5, "dash": "dot"}
    figure.add_shape(type="line", x0=1, y0=1, x1=count, y1=count, line=line, layer="below")
    styled(figure, "")
    ends = [-0.03 * count, 1.04 * count]
    figure.update_xaxes(range=ends, title_text="order by the proxy: best on the right", nticks=5)
    figure.update_yaxes(range=ends, title_text="order by accuracy: best on top", nticks=5)
    return laid_out(
        figure, height=HEIGHT, showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8}, updatemenus=[_buttons()]
    )


def _dots(data: TwoOrdersData, barrier: bool) -> go.Scatter:
    return go.Scatter(
        x=data.by_proxy[barrier],
        y=data.by_accuracy,
        mode="markers",
        marker={"color": palette.BARRIER if barrier else palette.NO_BARRIER, "size": 8, "opacity": 0.85},
        hovertemplate="place %{x} by the proxy, %{y} by accuracy<extra></extra>",
    )


def _buttons() -> dict[str, Any]:
    moving = {
        "mode": "immediate",
        "frame": {"duration": MILLISECONDS, "redraw": False},
        "transition": {"duration": MILLISECONDS, "easing": "cubic-in-out"},
    }
    names = [_name(barrier) for barrier in SIDES]
    buttons = [{"label": name, "method": "animate", "args": [[name], moving]} for name in names]
    return {"type": "buttons", "showactive": False, "x": 0, "y": 1, "buttons": buttons}


def _name(barrier: bool) -> str:
    return "with" if barrier else "without"
