"""Button that sends a proxy to the page where it can be tuned and evaluated."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from app.shell.choice import with_specification
from eproxy_engine.scoring import Proxy


def use_button(proxy: Proxy, found_by: str, key: str) -> None:
    """Show a button that opens the Proxy page with this proxy, on the chosen space and task.

    Args:
        proxy: The proxy.
        found_by: The run that has found it.
        key: Key of the button.
    """
    if st.button(
        "Use this proxy",
        icon=":material/tune:",
        key=f"use-{key}",
        help="Opens the Proxy page to evaluate this proxy on any sample of any search space.",
    ):
        choice = with_specification(state.choice(), proxy=proxy)
        state.show_on("proxy", replace(choice, found_by=found_by, run=None))
        st.switch_page("../pages/proxy.py")
