"""What is wrong with the user's own search spaces and proxies."""

from __future__ import annotations

import streamlit as st

from app.panels.import_report import plain
from eproxy_engine import spaces


def plugin_problems_panel() -> None:
    """One warning for each plug-in that could not be used; nothing if there is none."""
    for problem in spaces.plugin_problems():
        st.warning(plain(problem), icon=":material/extension_off:")
