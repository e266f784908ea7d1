"""Deleting runs, after one question."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.shell import state
from app.shell.wording import plain
from eproxy_engine.runs import Run, Store

MOST_NAMED = 5


@st.dialog("Delete?")
def confirm_deletion(store: Store, runs: list[Run]) -> None:
    """Ask before deleting runs, all of them with one question; those that are running stay."""
    can = [run for run in runs if run.status != "running"]
    st.write(_question(can))
    st.markdown("\n".join(f"- {plain(run.name)}" for run in can[:MOST_NAMED]))
    more = len(can) - MOST_NAMED
    st.write(
        f"{f'… and {more} more. ' if more > 0 else ''}Their evaluations stay in the store for other runs to reuse."
    )
    if len(can) < len(runs):
        st.caption(f"{len(runs) - len(can)} of the selected are running and stay. Stop them first.")
    if st.button("Delete", type="primary", icon=":material/delete:", disabled=not can):
        for run in can:
            store.delete(run.id)
        if state.choice().run in {run.id for run in can}:
            state.keep(replace(state.choice(), run=None))
        st.rerun()


def _question(runs: list[Run]) -> str:
    return "Delete this run?" if len(runs) == 1 else f"Delete these {len(runs)} runs?"
