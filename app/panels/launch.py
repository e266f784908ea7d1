"""What the run would cost, and the button that launches it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from app import state
from app.wording import duration
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.cost import TYPICAL_SPEED, multiply_accumulates
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.executors import cores
from eproxy_engine.runs.worker import start_detached


class Work(NamedTuple):
    """What a specification asks for, and what of it is still to be computed."""

    architectures: int
    networks: int
    """Different ones: equal networks are evaluated once."""
    missing: int
    multiply_accumulates: float
    """Of the missing ones."""


def launch_panel(title: str, store: Store, runs: list[Run]) -> None:
    """The page's title, with estimate and launch button for what the controls say beside it."""
    heading, text, button = st.columns([2, 6, 3], vertical_alignment="bottom")
    heading.title(title)
    specification = state.choice().specification
    try:
        specification.checked()
        work = _work(store, specification, runs)
    except UserError as error:
        text.error(str(error), icon=":material/error:")
        return
    text.markdown(_sentence(work, _speed(runs, specification.space)))
    if button.button(
        "Evaluate", type="primary", icon=":material/play_arrow:", width="stretch", key="launch", shortcut="Ctrl+Enter"
    ):
        run = store.create("evaluate", specification)
        start_detached(store)
        state.keep(replace(state.choice(), run=run.id))
        state.write_url()
        st.rerun()


def _work(store: Store, specification: Specification, runs: list[Run]) -> Work:
    """Counted anew only when the specification changes or a run goes on."""
    going_on = tuple((run.id, run.status, run.progress.get("done")) for run in runs)
    return Work(*_counted(str(store.path), json.dumps(specification.as_dict()), going_on))


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(
    path: str, specification: str, going_on: tuple[tuple[str, str, int | None], ...]
) -> tuple[int, int, int, float]:
    given = Specification.from_dict(json.loads(specification))
    evaluations = given.evaluations()
    stored = Store(path).outcomes(evaluations)
    flops = given.architectures()["flops"]
    missing = {e.key: count for e, count in zip(evaluations, flops, strict=True) if e.key not in stored}
    each = [multiply_accumulates(given.configuration, given.space, count) for count in missing.values()]
    return len(evaluations), len({e.key for e in evaluations}), len(missing), sum(each)


def _speed(runs: list[Run], space: str) -> float:
    """Multiply–accumulates a second of one core: of the latest run on this machine, if possible in the same space."""
    name = "multiply_accumulates_per_second"
    measured = [run for run in runs if run.origin == "local" and run.result and run.result.get(name)]
    measured.sort(key=lambda run: run.specification.space != space)
    return measured[0].result[name] if measured and measured[0].result else TYPICAL_SPEED


def _sentence(work: Work, speed: float) -> str:
    networks = f" ({work.networks} different networks)" if work.networks < work.architectures else ""
    if work.missing == 0:
        return f"**{work.architectures} architectures**{networks}, all evaluated before: the result is there at once."
    known = f", {work.networks - work.missing} evaluated before" if work.missing < work.networks else ""
    time = duration(work.multiply_accumulates / speed / cores())
    return f"**{work.architectures} architectures**{networks}{known}: about **{time}** on {cores()} cores."
