"""What runs in the browser itself: the page's style, its history, and word of another theme."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
SCRIPT = f"<script>{(HERE / 'browser.js').read_text('utf-8')}</script>"


def style_panel() -> None:
    """Add the style to the page."""
    st.html(HERE / "style.css")


def script_panel() -> None:
    """Add the script, at the end of the page: until the style has arrived it takes room."""
    with st.container(key="browser"):
        st.html(SCRIPT, unsafe_allow_javascript=True)
        st.button("Draw for this theme", key="theme-changed")  # pressed by the script
