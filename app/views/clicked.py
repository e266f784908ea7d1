"""What was clicked in a figure."""

from __future__ import annotations

from streamlit.elements.plotly_chart import PlotlyState


def clicked(event: PlotlyState) -> str | None:
    """The first custom value of the first point that is selected and has one; None if there is none."""
    return next((point["customdata"][0] for point in event.selection.points if point.get("customdata")), None)
