"""Export of loss landscapes as files."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from app.charts.linked import linked_html
from app.landscape.figures import surfaces_drawn
from app.landscape.measured import rows_of
from app.shell.downloads import File, export_panel
from app.views.surfaces import landscape_run, looked_at
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.landscape import file as landscape_file


def landscape_export(store: Store, run: Run) -> None:
    """Offer figure, numbers, measures, the whole run, and the command that repeats it."""
    looked, given = looked_at(store, run), landscape_run(run)
    surfaces = File(
        "Surfaces as HTML",
        "landscape",
        "html",
        lambda: linked_html(surfaces_drawn(looked), True, f"landscape-{run.id}"),
        "The surfaces chosen above in one file that opens anywhere. Their cameras turn together.",
        disabled=not looked.shown,
    )
    numbers = File(
        "Numbers as NPZ",
        "landscape",
        "npz",
        lambda: landscape_file.npz(Store(store.path), given),
        "NumPy archive of all surfaces, the path, slices and recipes.",
    )
    measures = File(
        "Measures as CSV",
        "landscape",
        "csv",
        lambda: pd.DataFrame(rows_of(Store(store.path), run)).to_csv(index=False),
        "One row per surface.",
    )
    export_panel(store, run, [surfaces, numbers, measures])
    if looked.surfaces:
        with st.expander("Recipe of the first surface", icon=":material/receipt_long:"):
            st.code(json.dumps(given.recipe(looked.surfaces[0]), indent=2), language="json")
