"""What the figures have in common. This module imports Plotly, and only functions that draw import it."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#7F7F7F"
"""Okabe and Ito's colours: the barrier, no barrier, and what is only for comparison."""
SURFACE = "Cividis"


def figure(*traces: Any, title: str, x: str = "", y: str = "", legend: bool = False) -> go.Figure:
    """Make a figure whose title states what was found, with these titles of the axes."""
    drawn = go.Figure(list(traces))
    drawn.update_layout(title=title, template="plotly_white", showlegend=legend, hovermode="closest")
    drawn.update_xaxes(title=x)
    drawn.update_yaxes(title=y)
    return drawn
