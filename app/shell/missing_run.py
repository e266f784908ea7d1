"""Message for a link to a run that this installation does not have, or that another page shows."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from app.shell.errors import show_warning
from app.shell.kinds import KIND_OF_PAGE
from app.shell.opening import open_run
from eproxy_engine.errors import shown
from eproxy_engine.runs import Run


def stop_without_the_run(runs: list[Run]) -> None:
    """Stop the page with a message if the run in the address is not among ``runs``, or of another kind.

    Another run is shown only when the user asks for one.
    """
    wanted = state.choice().run
    elsewhere = next((run for run in runs if run.id == wanted), None)
    if wanted is None or (elsewhere is not None and elsewhere.kind == KIND_OF_PAGE.get(state.page())):
        return
    show_warning(
        f"The run {shown(wanted, 40)} is not here. It was deleted, or the link comes from another installation. "
        "Ask its owner to export it, then import the file on the Runs page."
        if elsewhere is None
        else f"The run {wanted} is shown on another page: {elsewhere.specification.title}.",
        icon=":material/link_off:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if elsewhere is not None and st.button("Open it there", icon=":material/open_in_new:", key="open-elsewhere"):
            open_run(elsewhere)
        if st.button("Show the latest", icon=":material/history:", key="forget-missing-run"):
            state.forget_run()
            state.write_url()
            st.rerun()
        st.page_link("../pages/runs.py", label="All runs", icon=":material/list:")
    state.write_url()
    st.stop()
