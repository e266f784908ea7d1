"""What the run would cost, and the button that launches it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import state
from app.wording import duration
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.cost import TYPICAL_SPEED, multiply_accumulates
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.executors import cores
from eproxy_engine.runs.worker import start_detached

PROMPT_SECONDS = 20
"""Below it a run is worth starting without a thought."""


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Estimate and launch button for what the controls say."""
    specification = state.choice().specification
    try:
        specification.checked()
        different, missing, seconds = estimate(store, specification, runs)
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        return
    text, button = st.columns([3, 1], vertical_alignment="center")
    text.markdown(_cost(len(specification.architectures()), different, missing, seconds))
    if button.button(
        "Evaluate", type="primary", icon=":material/play_arrow:", width="stretch", key="launch", shortcut="Ctrl+Enter"
    ):
        run = store.create("evaluate", specification)
        start_detached(store)
        state.keep(replace(state.choice(), run=run.id))
        state.write_url()
        st.rerun()


def estimate(store: Store, specification: Specification, runs: list[Run]) -> tuple[int, int, float]:
    """Different networks, those not evaluated yet, and about how many seconds they will take on this machine."""
    table = specification.architectures()
    stored = store.outcomes(evaluations := specification.evaluations())
    missing = {e.key: flops for e, flops in zip(evaluations, table["flops"], strict=True) if e.key not in stored}
    speeds = [
        run.result["multiply_accumulates_per_second"]
        for run in runs
        if run.origin == "local" and run.result and run.result.get("multiply_accumulates_per_second")
    ]
    work = sum(multiply_accumulates(specification.configuration, specification.space, f) for f in missing.values())
    return len({e.key for e in evaluations}), len(missing), work / (speeds[0] if speeds else TYPICAL_SPEED) / cores()


def _cost(count: int, different: int, missing: int, seconds: float) -> str:
    networks = f" ({different} different networks)" if different < count else ""
    if missing == 0:
        return f"**{count} architectures**{networks}, all evaluated before: the result is there at once."
    known = f", {different - missing} evaluated before" if missing < different else ""
    return f"**{count} architectures**{networks}{known}: about **{duration(seconds)}** on {cores()} cores."
