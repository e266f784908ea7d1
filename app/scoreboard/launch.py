"""Cost of measuring cells of the scoreboard, and the buttons that do it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.shell.launching import queue
from app.shell.missing_work import MissingWork, missing_work
from app.shell.wording import duration
from eproxy_engine.counted import counted
from eproxy_engine.runs import Run, Store
from eproxy_engine.scoreboard import Entry, launchable


def launch_all(store: Store, runs: list[Run], entries: Sequence[Entry], what: str) -> None:
    """Show a button with the cost of all missing cells of ``what``, such as ``Table 1``; it asks before it launches."""
    missing = [entry for entry in entries if entry.missing]
    if not missing:
        return
    wanted = launchable(missing)
    work, in_runs = missing_work(store, runs, *wanted), counted(len(wanted), "run")
    with st.popover(f"Measure all that is missing: {_time(work)}", icon=":material/playlist_play:"):
        st.markdown(
            f"**{counted(len(missing), 'cell')}** of {what} in {in_runs}: {_time(work)}. They run "
            "one after the other and can be stopped on the Runs page. You can close the browser meanwhile."
        )
        st.caption("Proxies on the same architectures share one run. " + _bound(work))
        if st.button(f"Start {in_runs}", type="primary", icon=":material/play_arrow:", key=f"all-{what}"):
            queue(store, *wanted)
            st.rerun()


def launch_one(store: Store, runs: list[Run], entry: Entry, label: str = "Measure this cell") -> None:
    """Show a button with the cost of one cell."""
    wanted = launchable([entry])
    work = missing_work(store, runs, *wanted)
    if st.button(
        f"{label}: {_time(work)}",
        type="primary",
        icon=":material/play_arrow:",
        key="measure-cell",
        help="In a separate worker. You can close the browser. " + _bound(work),
    ):
        queue(store, *wanted)
        st.rerun()


def _bound(work: MissingWork) -> str:
    if not work.at_most:
        return "Stored evaluations are not repeated."
    return "Searches take most of the time, which is an upper bound because they share evaluations."


def _time(work: MissingWork) -> str:
    return f"about {duration(work.seconds)} on an idle machine" if work.seconds else "a few seconds"
