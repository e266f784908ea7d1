"""Several runs at once: side by side, as one file, deleted together."""

from __future__ import annotations

import streamlit as st

from app.runs.deleting import confirm_deletion
from app.runs.differences import differences
from app.runs.report.downloading import report_button
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.bundle import MOST_RUNS, pack_all

MOST_COMPARED = 8
"""Most columns that can be read side by side."""


def several_panel(store: Store, runs: list[Run]) -> None:
    """Show what can be done with several runs, and in what they differ."""
    st.subheader(f"{len(runs)} runs selected")
    with st.container(horizontal=True):
        st.download_button(
            "Export as zip",
            lambda: pack_all(Store(store.path), [run.id for run in runs]),
            f"runs-{len(runs)}.zip",
            "application/zip",
            icon=":material/folder_zip:",
            disabled=len(runs) > MOST_RUNS,
            help="One file with all of them, which any other installation can import.",
        )
        report_button(store, runs)
        if st.button(f"Delete {len(runs)} runs", icon=":material/delete:"):
            confirm_deletion(store, runs)
    compared = runs[:MOST_COMPARED]
    found = differences(compared)
    if len(runs) > MOST_COMPARED:
        st.caption(f"Only the first {MOST_COMPARED} are compared.")
    columns = {name: st.column_config.TextColumn(width=260) for name in found.results.columns[1:]}
    columns[""] = st.column_config.TextColumn(width=170, pinned=True)
    st.markdown("**What they found**")
    st.dataframe(found.results, hide_index=True, height="content", column_config=columns, key="compared-results")
    st.markdown("**Settings in which they differ**")
    if found.settings.empty:
        st.caption("None: these runs are equal.")
        return
    st.dataframe(found.settings, hide_index=True, height="content", column_config=columns, key="compared-settings")
    st.caption(f"{found.equal} further settings are the same in all of them.")
