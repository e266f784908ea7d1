"""Cost of measuring cells of the scoreboard, and the buttons that do it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.shell.launching import queue
from app.shell.missing_work import missing_work
from app.shell.wording import duration
from eproxy_engine.runs import ProxySearchSpecification, Run, Specification, Store
from eproxy_engine.runs.executors import cores
from eproxy_engine.scoreboard import Entry, launchable


def launch_all(store: Store, runs: list[Run], entries: Sequence[Entry], what: str) -> None:
    """Show a button with the cost of all missing cells of ``what``, such as ``Table 1``; it asks before it launches."""
    missing = [entry for entry in entries if entry.missing]
    if not missing:
        return
    wanted = launchable(missing)
    time = _time(store, runs, wanted)
    with st.popover(f"Measure all that is missing: {time}", icon=":material/playlist_play:"):
        st.markdown(
            f"**{len(missing)} cells** of {what} in {_runs(len(wanted))}: {time} on {cores()} cores. They run one "
            "after the other and can be stopped on the Runs page. You can close the browser meanwhile."
        )
        st.caption("Proxies on the same architectures share one run. " + _searches(wanted))
        if st.button(f"Start {_runs(len(wanted))}", type="primary", icon=":material/play_arrow:", key=f"all-{what}"):
            queue(store, *wanted)
            st.rerun()


def launch_one(store: Store, runs: list[Run], entry: Entry) -> None:
    """Show a button with the cost of one cell."""
    wanted = launchable([entry])
    time = _time(store, runs, wanted)
    if st.button(
        f"Measure this cell: {time}",
        type="primary",
        icon=":material/play_arrow:",
        key="measure-cell",
        help=f"On {cores()} cores, in a separate worker. You can close the browser. " + _searches(wanted),
    ):
        queue(store, *wanted)
        st.rerun()


def _runs(count: int) -> str:
    return f"{count} run{'s' * (count != 1)}"


def _searches(wanted: Sequence[Specification]) -> str:
    if not any(isinstance(each, ProxySearchSpecification) for each in wanted):
        return "Stored evaluations are not repeated."
    return "Searches take most of the time, which is an upper bound because they share evaluations."


def _time(store: Store, runs: list[Run], wanted: Sequence[Specification]) -> str:
    seconds = missing_work(store, runs, *wanted).seconds
    return f"about {duration(seconds)}" if seconds else "at once"
