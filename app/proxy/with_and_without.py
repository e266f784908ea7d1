"""The experiment that the product exists for: with and without the barrier, on the same architectures."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from app.shell import state
from app.shell.launching import queue
from app.shell.missing_work import missing_work
from app.shell.titled import Place
from app.shell.wording import duration
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.arithmetic import faster, why_torch

NO_BARRIER = "Only one Eproxy configuration can be evaluated with and without its barrier: choose Eproxy as the proxy."


class Pair(NamedTuple):
    """One configuration twice."""

    given: EvaluationSpecification
    """As the controls say."""
    other: EvaluationSpecification
    """With the barrier switched."""


def pair_button(place: Place, store: Store, runs: list[Run]) -> None:
    """Show what both evaluations cost, and the button that launches them."""
    given = state.choice().specification
    if not isinstance(given.proxy, Configuration):
        _button(place, "Evaluates the architectures with and without the barrier.", disabled=True)
        place.text.caption(NO_BARRIER)
        return
    try:
        pair = pair_of(store, given.checked(), runs)
        work = missing_work(store, runs, *pair)
    except UserError:  # the launcher beside it says why
        return
    cost = f"about {duration(work.seconds)}" if work.missing else "both are evaluated already"
    if _button(place, f"Evaluates the same architectures with the barrier and without it: {cost}."):
        show_both(store, pair)
    place.text.caption(f"*With and without* the barrier, on the same architectures: {cost}.")


def _button(place: Place, help: str, disabled: bool = False) -> bool:
    return bool(
        place.button.button(
            "With and without",
            icon=":material/compare:",
            key="with-and-without",
            help=help,
            disabled=disabled,
        )
    )


def pair_of(store: Store, given: EvaluationSpecification, runs: list[Run]) -> Pair:
    """Return the evaluation with and without barrier, both by the same arithmetic. Raises UserError."""
    other = switched(given)
    known = [run.specification.arithmetic for run in runs if run.specification in (given, other)]
    if known and why_torch() is None:
        arithmetic = known[0]
    elif known:
        arithmetic = TORCH
    else:
        arithmetic = faster(given, runs, lambda one: missing_work(store, runs, one).missing).arithmetic
    return Pair(given.computed_by(arithmetic), other.computed_by(arithmetic))


def switched(given: EvaluationSpecification) -> EvaluationSpecification:
    """Return the evaluation of one configuration with the barrier switched, all else equal."""
    assert isinstance(given.proxy, Configuration)
    return replace(given, proxy=replace(given.proxy, barrier=not given.proxy.barrier))


def show_both(store: Store, pair: Pair) -> None:
    """Take the runs that there are, launch the others, and show both, also after a reload."""
    shown, reference = queue(store, *pair)
    state.keep(replace(state.choice(), run=shown.id, reference=reference.id))
    state.write_url()
    st.rerun()
