"""Cost of measuring cells of the scoreboard, and the buttons that do it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from app.shell.missing_work import moment
from app.shell.speed import multiply_accumulates_per_second
from app.shell.wording import duration
from eproxy_engine.runs import ProxySearchSpecification, Run, Specification, Store
from eproxy_engine.runs.cost import work
from eproxy_engine.runs.executors import cores
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.worker import start_detached
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
            launch(store, wanted)


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
        launch(store, wanted)


def launch(store: Store, wanted: Sequence[Specification]) -> None:
    """Queue the runs, start a worker and rerun the page."""
    for specification in wanted:
        store.create(specification)
    start_detached(store)
    st.rerun()


def _runs(count: int) -> str:
    return f"{count} run{'s' * (count != 1)}"


def _searches(wanted: Sequence[Specification]) -> str:
    if not any(isinstance(each, ProxySearchSpecification) for each in wanted):
        return "Stored evaluations are not repeated."
    return "Searches take most of the time, which is an upper bound because they share evaluations."


def _time(store: Store, runs: list[Run], wanted: Sequence[Specification]) -> str:
    specifications = json.dumps([[each.kind, each.as_dict()] for each in wanted])
    found = _work(str(store.path), specifications, moment(runs))
    if not found:
        return "at once"
    seconds = sum(operations / multiply_accumulates_per_second(runs, space) for space, operations in found.items())
    return f"about {duration(seconds / cores())}"


@st.cache_data(max_entries=100, show_spinner="Estimating …")
def _work(path: str, specifications: str, moment: int) -> dict[str, float]:
    """Count the missing work; ``moment`` changes when runs have progressed."""
    wanted = [specification_of(kind, values) for kind, values in json.loads(specifications)]
    return work(Store(path), wanted)
