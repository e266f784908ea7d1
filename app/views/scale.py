"""Choice between values and ranks on the axes of a chart."""

from __future__ import annotations

import streamlit as st

VALUES, RANKS = "Values", "Ranks"


def shows_ranks(key: str, first: str = VALUES) -> bool:
    """Show the choice, and return whether it is ranks."""
    chosen = st.segmented_control(
        "Axes",
        (VALUES, RANKS),
        default=first,
        required=True,
        key=key,
        help="A rank correlation sees only ranks. Values far from the others are marked at the edge of the chart.",
    )
    return chosen == RANKS
