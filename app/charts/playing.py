"""Buttons that play and halt the frames of a figure."""

from __future__ import annotations

from typing import Any


def buttons(label: str, on: dict[str, Any], redraw: bool, top: int, **more: Any) -> dict[str, Any]:
    """Return a button that plays and one that halts, side by side below the figure.

    Args:
        label: Of the first button.
        on: How frames follow each other, as Plotly's ``animate`` takes it.
        redraw: Whether a frame is drawn anew, as figures in three dimensions need.
        top: Pixels above the buttons.
        more: More of their layout.
    """
    halt = {"frame": {"duration": 0, "redraw": redraw}, "mode": "immediate", "transition": {"duration": 0}}
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "pad": {"t": top, "r": 10},
        "bgcolor": "rgba(140,140,140,0.25)",
        "bordercolor": "rgba(140,140,140,0.6)",
        **more,
        "buttons": [
            {"label": label, "method": "animate", "args": [None, on]},
            {"label": "Pause", "method": "animate", "args": [[None], halt]},
        ],
    }
