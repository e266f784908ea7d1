"""Plotly's tool bar: colours that suit both themes, and a place where nothing else is."""

from __future__ import annotations

from app.charts import palette

TOOL_BAR = {
    "bgcolor": "rgba(0,0,0,0)",  # by default half of the paper's, which transparent paper makes a dark box
    "color": palette.TOOL,
    "activecolor": palette.BLUE,
    "remove": ["zoomin2d", "zoomout2d", "autoscale2d"],  # the wheel and *Reset axes* do these
}
TOOL_BAR_CSS = """
.js-plotly-plot .modebar-container { top: auto !important; bottom: 28px; }
.js-plotly-plot .modebar-btn:focus-visible { outline: 2px solid currentColor !important; }
"""
"""Puts the bar beside the title of the horizontal axis; by default it lies over the figure's title."""
