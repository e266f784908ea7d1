"""The way back to what was done last."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from app.shell.kinds import KINDS
from app.shell.opening import open_run
from app.shell.wording import plain


def latest_panel() -> None:
    """Offer the latest run that was finished here; nothing if there is none."""
    own = (run for run in state.store().runs() if run.origin == "local" and run.status == "finished")
    latest = next((run for run in own if run.kind in KINDS), None)
    if latest is not None and st.button(
        f"Your latest run: {plain(latest.specification.title)}", icon=":material/history:", key="start-latest"
    ):
        open_run(latest)
