"""Export of loss landscapes as files."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from app.charts.linked import linked_html
from app.landscape.figures import surfaces_drawn
from app.landscape.measured import rows_of
from app.shell.command import command_panel
from app.shell.downloads import run_download
from app.views.surfaces import landscape_run, looked_at
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.landscape import file as landscape_file


def export_panel(store: Store, run: Run) -> None:
    """Offer figure, numbers, measures, the whole run, and the command that repeats it."""
    looked, given = looked_at(store, run), landscape_run(run)
    st.caption("Use the camera icon on a chart to save it as PNG.")
    columns = st.columns(4)
    columns[0].download_button(
        "Surfaces as HTML",
        lambda: linked_html(surfaces_drawn(looked), True, f"landscape-{run.id}"),
        f"landscape-{run.id}.html",
        "text/html",
        icon=":material/html:",
        width="stretch",
        disabled=not looked.shown,
        help="The surfaces chosen above in one file that opens anywhere. Their cameras turn together.",
    )
    columns[1].download_button(
        "Numbers as NPZ",
        lambda: landscape_file.npz(Store(store.path), given),
        f"landscape-{run.id}.npz",
        "application/octet-stream",
        icon=":material/data_array:",
        width="stretch",
        help="NumPy archive of all surfaces, the path, slices and recipes.",
    )
    columns[2].download_button(
        "Measures as CSV",
        lambda: pd.DataFrame(rows_of(Store(store.path), run)).to_csv(index=False),
        f"landscape-{run.id}.csv",
        "text/csv",
        icon=":material/table:",
        width="stretch",
        help="One row per surface.",
    )
    run_download(columns[3], store, run, "The whole run")
    command_panel(given)
    if looked.surfaces:
        with st.expander("Recipe of the first surface", icon=":material/receipt_long:"):
            st.code(json.dumps(given.recipe(looked.surfaces[0]), indent=2), language="json")
