"""Launching what the controls of a page specify."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.worker import start_detached


def launch(store: Store, *specifications: Specification) -> None:
    """Queue a run of each specification, start a worker, and rerun the page to show the last run."""
    runs = queue(store, *specifications)
    state.keep(replace(state.choice(), run=runs[-1].id))
    state.write_url()
    st.rerun()


def queue(store: Store, *specifications: Specification) -> list[Run]:
    """Queue a run of each specification and start a worker."""
    runs = [store.create(each) for each in specifications]
    start_detached(store)
    return runs
