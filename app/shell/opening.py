"""Opening a run on the page of its kind."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from app.shell.choice import with_run
from app.shell.kinds import KINDS
from eproxy_engine.runs import Run


def open_run(run: Run) -> None:
    """Show a run on the page of its kind, with its settings in the controls."""
    kind = KINDS[run.kind]
    state.show_on(kind.page, with_run(state.choice(), run))
    st.switch_page(kind.path)
