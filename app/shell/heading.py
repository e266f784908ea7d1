"""Heading above a run on the page of its kind."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.shell import state
from app.shell.choice import Choice
from app.shell.differences import differences
from app.shell.kinds import KINDS
from app.shell.wording import ORIGINS, plain
from eproxy_engine.runs import Run

OTHER_SETTINGS = "other-settings"
"""Key of the line above results that do not belong to the controls; the style dims what follows it."""


def run_heading(run: Run, differs: bool, settings: Callable[[], Choice]) -> None:
    """Show title and status of a run; if it does not belong to the controls, say so and dim all that follows.

    Args:
    run: The run.
    differs: Whether the controls differ from this run's settings.
    settings: Returns the choice that sets the controls to this run's settings.
    """
    st.header(plain(run.specification.title))
    st.caption(f"Run {run.id} · {run.status} · {ORIGINS[run.origin]}")
    if differs:
        other_settings(run, settings)


def other_settings(run: Run, settings: Callable[[], Choice]) -> None:
    """Say what the run's settings are beside those of the controls, and offer to set the controls to them."""
    found = differences(settings(), state.choice())
    what = f" ({plain(found)})" if found else ""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{OTHER_SETTINGS}-{run.id}"):
        st.markdown(
            f":material/info: These results are for other settings{what}. Press **{KINDS[run.kind].launch}** to update."
        )
        if st.button("Show its settings", icon=":material/tune:", key=f"settings-{run.id}"):
            state.show(settings())
            st.rerun()
