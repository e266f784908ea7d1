"""Export of an architecture search as files."""

from __future__ import annotations

import json

import streamlit as st

from app.architecture_search.trials import trials_of
from app.shell.command import command_panel
from app.shell.downloads import run_download
from eproxy_engine.runs import Run, Store


def export_panel(store: Store, run: Run) -> None:
    """Offer history, result, the whole run, and the command that repeats it."""
    st.caption("Use the camera icon on a chart to save it as PNG.")
    columns = st.columns(3)
    columns[0].download_button(
        "History as CSV",
        lambda: trials_of(Store(store.path), run).to_csv(index_label="trial"),
        f"history-{run.id}.csv",
        "text/csv",
        icon=":material/table:",
        width="stretch",
        help="One row per trial of the first seed.",
    )
    columns[1].download_button(
        "Result as JSON",
        json.dumps(run.result, indent=2),
        f"search-{run.id}.json",
        "application/json",
        icon=":material/data_object:",
        width="stretch",
        disabled=run.result is None,
        help="What each seed found, with every improvement and its query.",
    )
    run_download(columns[2], store, run, "The whole run")
    command_panel(run.specification)
