"""All networks twice in order: by their accuracy, and by what the proxy says, with the barrier or without."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from scipy.stats import rankdata

from app.charts import palette
from app.charts.layout import laid_out, rounded, styled
from eproxy_engine.statistics import Estimate

Floats = NDArray[np.float64]
HEIGHT = 380
MILLISECONDS = 700
"""How long the dots move when the barrier is switched."""


class TwoOrdersData(NamedTuple):
    """Data of the chart; ranks of shape (n,), 1 is the lowest."""

    title: str
    barrier: bool
    by_proxy: Floats
    by_accuracy: Floats


def two_orders_data(scores: Floats, accuracy: Floats, barrier: bool, rho: Estimate) -> TwoOrdersData:
    """Rank the networks; ``scores`` are −inf where the training diverged."""
    side = "With" if barrier else "Without"
    interval = "" if np.isnan(rho.low) else f" [{rounded(rho.low)}, {rounded(rho.high)}]"
    title = f"{side} the barrier: ρ = {rounded(rho.value)}{interval}, n = {len(scores)}"
    return TwoOrdersData(title, barrier, rankdata(scores), rankdata(accuracy))


def two_orders_figure(data: TwoOrdersData) -> go.Figure:
    """Draw a dot for each network; on the dotted line both orders agree. Dots move when the other side is drawn."""
    count = len(data.by_proxy)
    figure = go.Figure(
        go.Scatter(
            x=data.by_proxy,
            y=data.by_accuracy,
            mode="markers",
            marker={"color": palette.BARRIER if data.barrier else palette.NO_BARRIER, "size": 8, "opacity": 0.85},
            hovertemplate="place %{x} by the proxy, %{y} by accuracy<extra></extra>",
        )
    )
    line = {"color": palette.MUTED, "width": 1.5, "dash": "dot"}
    figure.add_shape(type="line", x0=1, y0=1, x1=count, y1=count, line=line, layer="below")
    styled(figure, data.title)
    ends = [-0.03 * count, 1.04 * count]
    figure.update_xaxes(range=ends, title_text="order by the proxy: best on the right", nticks=5)
    figure.update_yaxes(range=ends, title_text="order by accuracy: best on top", nticks=5)
    moving = {"duration": MILLISECONDS, "easing": "cubic-in-out"}
    return laid_out(figure, height=HEIGHT, transition=moving, showlegend=False)
