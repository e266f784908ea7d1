"""Several runs at once: side by side, as one file, deleted together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.runs.deleting import confirm_deletion
from app.runs.differences import differences
from app.runs.report.downloading import report_button
from app.shell.wording import plain
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.bundle import MOST_RUNS, pack_all

MOST_COMPARED = 8
"""Most columns that can be read side by side."""


def several_panel(store: Store, runs: list[Run]) -> None:
    """Show what can be done with several runs, and in what they differ."""
    st.header(f"{len(runs)} runs selected")
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
    found = differences(store, compared)
    if len(runs) > MOST_COMPARED:
        st.caption(f"Only the first {MOST_COMPARED} are compared.")
    st.markdown("**What they found**")
    _side_by_side(found.results)
    if found.paired:
        st.markdown("\n".join(f"- {plain(each)}" for each in found.paired))
    st.markdown("**Settings in which they differ**")
    if found.settings.empty:
        st.caption("None: these runs are equal.")
        return
    _side_by_side(found.settings)
    st.caption(f"{found.equal} further settings are the same in all of them.")


def _side_by_side(table: pd.DataFrame) -> None:
    """Show a table that wraps its texts, so that none is cut. It reads Markdown, which texts of runs must not be."""
    shown = table.map(plain).rename(columns=plain).set_index("")
    st.table(shown.rename_axis(None), border="horizontal")
