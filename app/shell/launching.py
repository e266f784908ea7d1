"""Launching what the controls of a page specify."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from eproxy_engine.benchmarks import imported
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.store import ACTIVE
from eproxy_engine.runs.worker import start_detached


def launch(store: Store, *specifications: Specification) -> None:
    """Queue a run of each specification, start a worker, and rerun the page to show the last run."""
    before = {run.id for run in store.runs()}
    runs = queue(store, *specifications)
    if all(run.id in before for run in runs):
        st.toast(
            f"Run {runs[-1].id} has exactly these settings, so it is shown. To compute it anew, press Repeat on the "
            "page Runs.",
            icon=":material/info:",
        )
    state.keep(replace(state.choice(), run=runs[-1].id))
    state.write_url()
    st.rerun()


def queue(store: Store, *specifications: Specification) -> list[Run]:
    """Return a run of each specification: an equal one if there is one, else a new one, for which a worker starts."""
    there = store.runs()
    equal = [equal_run(there, each) for each in specifications]
    runs = [run or store.create(each) for run, each in zip(equal, specifications, strict=True)]
    if not all(equal):
        start_detached(store)
    return runs


def equal_run(runs: list[Run], specification: Specification) -> Run | None:
    """Return the newest run that has or will have the result; None if there is none.

    A run from before the accuracies of its space were last imported tells nothing of them. Of a run from elsewhere only
    the time it was created is known.
    """
    wanted = specification.from_any_folder()
    imported_last = max((each.created for each in imported.imports(specification.space)), default=0.0)
    return next(
        (
            run
            for run in runs
            if run.specification == wanted
            and (run.status in ACTIVE or (run.status == "finished" and (run.finished or run.created) > imported_last))
        ),
        None,
    )
