"""A run of loss landscapes: where it stands, and what it shows."""

from __future__ import annotations

import streamlit as st

from app.landscape.export import export_panel
from app.landscape.figures import contours_panel, film_panel, lines_panel, surfaces_panel
from app.landscape.launch import specified
from app.landscape.measured import measures_panel
from app.shell import state
from app.shell.choice import with_run
from app.shell.heading import run_heading
from app.shell.progress import progress_panel
from eproxy_engine.runs import Run, Store

PANELS = {
    "Surfaces": surfaces_panel,
    "Contours": contours_panel,
    "Slices": lines_panel,
    "Measures": measures_panel,
    "Film": film_panel,
    "Export": export_panel,
}


def shown_landscapes(runs: list[Run]) -> Run | None:
    """The run of the address, else one of just what the controls say, else the newest of their space, else any."""
    choice, said = state.choice(), specified()
    same = [run for run in runs if run.id == choice.run]
    same += [run for run in runs if run.specification == said]
    same += [run for run in runs if run.specification.space == choice.specification.space]
    return next(iter(same + runs), None)


def landscape_run_panel(store: Store, run: Run) -> None:
    """Title, progress, and one tab for each way of looking at it."""
    run_heading(run, run.specification != specified(), lambda: with_run(state.choice(), run))
    progress_panel(store, run)
    if not run.progress.get("done") and not run.result:
        st.caption("The first rows appear as soon as they are computed.")
        return
    tabs = st.tabs(list(PANELS), key="landscape-tab", on_change="rerun")
    for tab, panel in zip(tabs, PANELS.values(), strict=True):
        if tab.open:
            with tab:
                panel(store, run)
