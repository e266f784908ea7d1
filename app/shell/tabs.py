"""Tabs that draw only the open one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def tabs_panel(panels: Mapping[str, Callable[[], None]], key: str) -> None:
    """Draw one tab per panel, and only the panel of the open tab."""
    tabs = st.tabs(list(panels), key=key, on_change="rerun")
    for tab, panel in zip(tabs, panels.values(), strict=True):
        if tab.open:
            with tab:
                panel()
