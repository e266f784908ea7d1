"""Launching what the controls of a page say."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import state
from eproxy_engine.runs import Specification, Store
from eproxy_engine.runs.worker import start_detached


def launch(store: Store, specification: Specification) -> None:
    """Queue the run, have a worker started, and show the page anew with the run on it."""
    run = store.create(specification)
    start_detached(store)
    state.keep(replace(state.choice(), run=run.id))
    state.write_url()
    st.rerun()
