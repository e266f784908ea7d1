"""Runs page: every launched run and what can be done with it."""

import streamlit as st

from app.runs.filters import filter_panel, found
from app.runs.imports import import_panel
from app.runs.listing import table_panel
from app.runs.run import run_panel
from app.runs.several import several_panel
from app.shell import state
from app.shell.errors import told
from app.shell.titled import titled
from eproxy_engine.runs.store import ACTIVE

store = state.store()
with titled("Runs").button.popover("Import", icon=":material/upload:"):
    import_panel(store)
any_active = any(run.status in ACTIVE for run in store.runs())


@st.fragment(run_every=2 if any_active else None)
@told()
def table_and_details() -> None:
    """Show the list and the selected runs below it; refresh while something runs."""
    runs = store.runs()
    if not runs:
        st.info("No run yet. Evaluate a proxy on the Proxy page, or import a run.", icon=":material/tune:")
        return
    shown = found(runs, filter_panel(runs))
    if not shown:
        st.info(f"None of the {len(runs)} runs fits. Change the search or the filters.", icon=":material/search_off:")
        return
    selected = table_panel(shown)
    counted = f"{len(shown)} of {len(runs)} runs" if len(shown) < len(runs) else f"{len(runs)} runs, newest first"
    if not selected:
        st.caption(f"{counted}. Tick one to see it below (now: the newest), or several to compare them.")
    if len(selected) > 1:
        several_panel(store, selected)
    else:
        run_panel(store, (selected or shown)[0])


table_and_details()
