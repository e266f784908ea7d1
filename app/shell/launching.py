"""Launching what the controls of a page say."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from eproxy_engine.runs import Specification, Store
from eproxy_engine.runs.worker import start_detached


def launch(store: Store, *specifications: Specification) -> None:
    """Queue a run of each, have a worker started, and show the page anew with the last of them on it."""
    runs = [store.create(each) for each in specifications]
    start_detached(store)
    state.keep(replace(state.choice(), run=runs[-1].id))
    state.write_url()
    st.rerun()
