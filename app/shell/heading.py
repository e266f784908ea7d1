"""Heading above a run on the page of its kind."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.shell import state
from app.shell.choice import Choice
from app.shell.wording import ORIGINS, plain
from eproxy_engine.runs import Run


def run_heading(run: Run, differs: bool, settings: Callable[[], Choice]) -> None:
    """Show title and status of a run.

    Args:
    run: The run.
    differs: Whether the controls differ from this run's settings.
    settings: Returns the choice that sets the controls to this run's settings.
    """
    st.subheader(plain(run.specification.title))
    st.caption(f"Run {run.id} · {run.status} · {ORIGINS[run.origin]}")
    if not differs:
        return
    text, button = st.columns([4, 1], vertical_alignment="center")
    text.caption(":material/info: The controls differ from this run's settings.")
    if button.button("Show its settings", icon=":material/tune:", width="stretch", key=f"settings-{run.id}"):
        state.show(settings())
        st.rerun()
