"""Progress and results of a run of loss landscapes."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.landscape.export import landscape_export
from app.landscape.figures import contours_panel, film_panel, lines_panel, surfaces_panel
from app.landscape.launch import specified_or_none
from app.landscape.measured import measures_panel
from app.shell import state
from app.shell.choice import with_run
from app.shell.heading import run_heading
from app.shell.progress import progress_panel
from app.shell.tabs import tabs_panel
from app.views.barrier_story import barrier_story
from eproxy_engine.runs import Run, Store

PANELS = {
    "Surfaces": surfaces_panel,
    "Contours": contours_panel,
    "Slices": lines_panel,
    "Measures": measures_panel,
    "Film": film_panel,
    "Export": landscape_export,
}


def run_panel(store: Store, run: Run) -> None:
    """Show title, progress, and one tab per view."""
    run_heading(run, run.specification != specified_or_none(), lambda: with_run(state.choice(), run))
    progress_panel(store, run)
    if not run.progress.get("done") and not run.result:
        st.caption("The first rows appear as soon as they are computed.")
        return
    tabs_panel({name: partial(panel, store, run) for name, panel in PANELS.items()}, "landscape-tab")
    barrier_story("When does the barrier help?")
