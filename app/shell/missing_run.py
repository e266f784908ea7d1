"""Message for a link to a run that this installation does not have."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from app.shell.errors import show_warning
from eproxy_engine.errors import shown
from eproxy_engine.runs import Run


def stop_without_the_run(runs: list[Run]) -> None:
    """Stop the page with a message if the run in the address is not among ``runs``.

    Another run is shown only when the user asks for one.
    """
    wanted = state.choice().run
    if wanted is None or any(run.id == wanted for run in runs):
        return
    show_warning(
        f"The run {shown(wanted, 40)} is not here. It was deleted, or the link comes from another installation. "
        "Ask its owner to export it, then import the file on the Runs page.",
        icon=":material/link_off:",
    )
    if st.button("Show a run that is here", icon=":material/history:", key="forget-missing-run"):
        state.keep(replace(state.choice(), run=None))
        state.write_url()
        st.rerun()
    state.write_url()
    st.stop()
