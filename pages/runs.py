"""Runs: everything that was launched, and what can be done with it."""

import streamlit as st

from app import state
from app.panels.progress import ACTIVE
from app.panels.run import listing, run_panel
from eproxy_engine.errors import UserError
from eproxy_engine.runs import archive

store = state.store()


st.title("Runs")
any_active = any(run.status in ACTIVE for run in store.runs())


@st.fragment(run_every=2 if any_active else None)
def table_and_details() -> None:
    """The list, and the selected run below it; refreshes itself while something runs."""
    runs = store.runs()
    if not runs:
        st.info("No run yet. Evaluate a proxy, or import a run below.", icon=":material/tune:")
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
st.subheader("Import a run")
given = st.file_uploader("A file that Eproxy Studio exported", ["gz"], help="It is added as a new run.")
if given is not None and st.session_state.get("imported") != given.file_id:
    try:
        imported = archive.unpack(store, given.getvalue(), origin="imported")
    except UserError as error:
        st.error(f"{given.name}: {error}", icon=":material/error:")
    else:
        st.session_state.imported = given.file_id
        st.success(f"Imported as run {imported.id}: {imported.specification.title}", icon=":material/check_circle:")
        st.rerun()
