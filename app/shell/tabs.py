"""Tabs of which only the open one is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def tabs_panel(panels: Mapping[str, Callable[[], None]], key: str) -> None:
    """Draw one tab for each panel, and the panel of the open one."""
    tabs = st.tabs(list(panels), key=key, on_change="rerun")
    for tab, panel in zip(tabs, panels.values(), strict=True):
        if tab.open:
            with tab:
                panel()
