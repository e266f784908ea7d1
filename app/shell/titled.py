"""A page's title, with room beside and below it."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st


class Place(NamedTuple):
    """Where a page shows the cost of runs, and the button that launches them."""

    text: Any
    button: Any


def titled(title: str) -> Place:
    """Show the page's title with room for the button beside it and for the cost below, the same on every page."""
    row = st.container(horizontal=True, vertical_alignment="center")
    row.title(title, width="stretch", anchor=False)
    return Place(st.container(), row)
