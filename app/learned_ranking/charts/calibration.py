"""Calibration: how often measured accuracies lie in the model's intervals."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, styled


def calibration_figure(coverage: Mapping[str, float | None]) -> go.Figure:
    """Draw the found coverage over the nominal one. ``coverage``: found share by nominal level, as text."""
    known = {float(level): found for level, found in coverage.items() if found is not None and found == found}
    if not known:
        return empty("Calibration", "this model gives no intervals")
    widest = max(known)
    title = f"{known[widest]:.0%} of the held-out accuracies lie in the {widest:.0%} interval"
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dot", "color": palette.MUTED}, name="exact")
    )
    figure.add_trace(
        go.Scatter(
            x=list(known),
            y=list(known.values()),
            mode="lines+markers",
            line={"color": palette.BLUE, "width": 3},
            marker={"size": 10},
            name="found",
            hovertemplate="interval of %{x:.0%}: holds %{y:.0%}<extra></extra>",
        )
    )
    styled(figure, title)
    figure.update_xaxes(title_text="nominal level of the interval", range=[0.4, 1], tickformat=".0%")
    figure.update_yaxes(title_text="share of held-out accuracies in it", range=[0.3, 1.02], tickformat=".0%")
    return figure
