"""Progress of architecture searches, and one tab per view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from app.architecture_search.belief import belief_panel
from app.architecture_search.best import best_panel
from app.architecture_search.compared import compared_panel
from app.architecture_search.export import search_export
from app.architecture_search.found import found_panel
from app.architecture_search.front import front_panel
from app.architecture_search.launch import specified_or_none
from app.architecture_search.map import map_panel
from app.architecture_search.shown import run_title
from app.shell import state
from app.shell.choice import with_run
from app.shell.heading import other_settings
from app.shell.progress import progress_panel
from app.shell.tabs import tabs_panel
from app.shell.wording import ORIGINS, plain
from eproxy_engine.runs import Run, Store

OF_ALL: dict[str, Callable[[Store, list[Run], list[Run]], None]] = {
    "Best so far": best_panel,
    "Comparison": compared_panel,
}
OF_ONE: dict[str, Callable[[Store, Run], None]] = {
    "Found": found_panel,
    "Map": map_panel,
    "Score and FLOPs": front_panel,
    "Belief": belief_panel,
    "Export": search_export,
}
TABS = ("Best so far", "Found", "Belief", "Map", "Score and FLOPs", "Comparison", "Export")


def searches_panel(store: Store, ids: list[str]) -> None:
    """Show the progress of unfinished searches, and the tabs."""
    runs = store.runs()
    by_id = {run.id: run for run in runs}
    shown = [by_id[run_id] for run_id in ids if run_id in by_id]
    for run in shown:
        if run.status != "finished":
            st.caption(f"**{plain(run_title(run, runs))}**")
            progress_panel(store, run)
    of_all = {name: partial(panel, store, shown, runs) for name, panel in OF_ALL.items()}
    of_one = {name: partial(_one, store, shown, runs, panel) for name, panel in OF_ONE.items()}
    tabs_panel({name: (of_all | of_one)[name] for name in TABS}, "nas-tab")


def _one(store: Store, shown: list[Run], runs: list[Run], panel: Callable[[Store, Run], None]) -> None:
    """Show a choice among the shown runs, and the panel of the chosen one."""
    ids, titles = [run.id for run in shown], {run.id: run_title(run, runs) for run in shown}
    looked_at = state.choice().run
    current = looked_at if looked_at is not None and looked_at in ids else ids[0]
    chosen = st.selectbox(
        "Run",
        ids,
        ids.index(current),
        format_func=titles.__getitem__,
        key=state.key(f"nas-one-{'-'.join(ids)}"),
    )
    run = shown[ids.index(chosen)]
    if chosen != current:
        state.keep(replace(state.choice(), run=chosen))
        state.write_url()
    _heading(run, runs)
    panel(store, run)


def _heading(run: Run, runs: list[Run]) -> None:
    st.caption(f"{plain(run.specification.title)}  \nRun {run.id} · {run.status} · {ORIGINS[run.origin]}")
    if run.specification not in specified_or_none(state.choice(), runs):
        other_settings(run, lambda: with_run(state.choice(), run))
