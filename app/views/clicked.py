"""Click in a figure."""

from __future__ import annotations

from streamlit.elements.plotly_chart import PlotlyState


def clicked(event: PlotlyState) -> str | None:
    """Return the first custom value of the first selected point that has one, else None."""
    return next((point["customdata"][0] for point in event.selection.points if point.get("customdata")), None)
