"""Runs page: every launched run and what can be done with it."""

import streamlit as st

from app.runs.run import import_panel, listing, run_panel
from app.shell import state
from app.shell.errors import told
from eproxy_engine.runs.store import ACTIVE

store = state.store()
title, import_place = st.columns([5, 1], vertical_alignment="center")
title.title("Runs")
with import_place.popover("Import", icon=":material/upload:", width="stretch"):
    import_panel(store)
any_active = any(run.status in ACTIVE for run in store.runs())


@st.fragment(run_every=2 if any_active else None)
@told()
def table_and_details() -> None:
    """Show the list and the selected run below it; refresh while something runs."""
    runs = store.runs()
    if not runs:
        st.info("No run yet. Evaluate a proxy on the Proxy page, or import a run.", icon=":material/tune:")
        return
    event = st.dataframe(
        listing(runs),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="runs-table",
        column_config={
            "ρ": st.column_config.NumberColumn(format="%.2f"),
            "what": st.column_config.TextColumn(width="large"),
        },
    )
    selected = event.selection.rows
    run_panel(store, runs[selected[0]] if selected and selected[0] < len(runs) else runs[0])


table_and_details()
