"""Learned ranking page: what a few measured architectures and many cheap scores say about all others."""

import streamlit as st

from app.controls.sample import sample_form
from app.learned_ranking.form import ranking_form
from app.learned_ranking.launch import launch_panel, specified_or_none
from app.learned_ranking.run import ranking_panel
from app.shell import state
from app.shell.errors import told
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from app.shell.shown_run import runs_of
from eproxy_engine.runs import RankingSpecification, Run, Store

store = state.store()
runs = store.runs()

with st.sidebar:
    chosen = sample_form(state.choice())
    state.keep(ranking_form(chosen, runs))

possible = launch_panel(store, runs)
stop_without_the_run(runs)
specified = specified_or_none() if possible else None
if specified is not None:
    given = specified
    shown = next((run for run in runs_of(runs, RankingSpecification) if run.specification == given), None)

    def panel(store: Store, run: Run) -> None:
        """Show the ranking with its run."""
        ranking_panel(store, store.runs(), given, run)

    @st.fragment
    @told()
    def without_run() -> None:
        """Show the ranking alone; its controls do not run the page."""
        ranking_panel(store, runs, given, None)

    if shown is None:
        without_run()
    else:
        live(store, shown, panel)
