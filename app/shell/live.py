"""Part of a page that follows a run by refreshing itself."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.shell import state
from app.shell.errors import told
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.store import ACTIVE


def live(store: Store, shown: Run, panel: Callable[[Store, Run], None], seconds: float = 2) -> None:
    """Draw ``panel`` for the run, redraw it every ``seconds`` while the run is active, rerun the page when it ends."""

    @st.fragment(run_every=seconds if shown.status in ACTIVE else None)
    @told()
    def following(run_id: str, was_active: bool) -> None:
        run = store.run(run_id)
        if was_active and run.status not in ACTIVE:
            state.refresh()
        panel(store, run)

    following(shown.id, shown.status in ACTIVE)
