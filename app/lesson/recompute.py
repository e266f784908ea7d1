"""Recomputation of the lesson's numbers on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from app.lesson import data
from app.lesson.telling import teaching
from app.shell.errors import told
from app.shell.launching import launch
from app.shell.missing_work import missing_work
from app.shell.progress import progress_panel
from app.shell.wording import duration
from eproxy_engine.proxy import Outcome
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Run, Specification, Store, bundled
from eproxy_engine.runs.arithmetic import faster
from eproxy_engine.runs.executors import cores
from eproxy_engine.runs.plan import Outcomes
from eproxy_engine.runs.store import ACTIVE

SHIPPED, HERE = "shipped", "computed here"


class Offer(NamedTuple):
    """Something that the user can compute here."""

    what: str
    """End of the button's label ``Compute …``."""
    specifications: tuple[Specification, ...]


def chosen_outcomes(store: Store, specifications: Iterable[Specification], shipped: Outcomes, key: str) -> Outcomes:
    """Return the shipped outcomes of the specifications, or those of the store.

    Once some were computed here, show how many and how far they differ, and let the user choose.
    """
    given = list(specifications)
    wanted = {each.key: each for specification in given for each in data.evaluations(specification)}
    there = {name: shipped[name] for name in wanted if name in shipped}
    here, shipping = stored(store, given)
    own = {key: outcome for key, outcome in here.items() if key not in shipping}
    if not own:
        return there
    counted = f"Computed here: {len(own):,} of {len(wanted):,} evaluations"
    counted += f", beside {len(shipping):,} of runs that ship" if shipping else ""
    if not there:
        st.caption(f":material/calculate: {counted}. None of them ship with the lesson.")
        return here
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.segmented_control(
            "Numbers shown", [SHIPPED, HERE], default=SHIPPED, required=True, key=f"lesson-source-{key}"
        )
        st.caption(f":material/calculate: {counted}{compared(there, own)}.")
    return there if source == SHIPPED else here


class Stored(NamedTuple):
    """What a store has of some specifications."""

    outcomes: dict[str, Outcome]
    """Under the keys of the specifications' own evaluations."""
    shipping: frozenset[str]
    """Those of these keys that the store has from a run that ships, so that nobody computed them here."""


def stored(store: Store, specifications: Iterable[Specification]) -> Stored:
    """Return what the store has of the specifications.

    Kernels and torch compute different evaluations. A machine without kernels computes by torch what ships by kernels:
    then its outcomes stand in for those of the kernels, for a whole specification at a time.
    """
    found: dict[str, Outcome] = {}
    shipping: set[str] = set()
    for given in specifications:
        wanted = data.evaluations(given)
        arithmetics = dict.fromkeys((given.arithmetic, NATIVE, TORCH))
        sides = [data.evaluations(given.computed_by(each)) for each in arithmetics]
        outcomes = [store.outcomes(side) for side in sides]
        keys = [[each.key for each in side] for side in sides]
        best = max(range(len(sides)), key=lambda i: (len(outcomes[i]), keys[i] == [each.key for each in wanted]))
        names = dict(zip(keys[best], (each.key for each in wanted), strict=True))
        found |= {names[key]: outcome for key, outcome in outcomes[best].items()}
        shipping |= {names[key] for key in outcomes[best] if key in bundled.bundled_keys()}
    return Stored(found, frozenset(shipping))


def compared(there: Mapping[str, Outcome], here: Mapping[str, Outcome]) -> str:
    """Say how far the common outcomes differ, as the end of a sentence."""
    common = there.keys() & here.keys()
    if not common:
        return "; none of them ship"
    largest = max(difference(there[key], here[key]) for key in common)
    if np.isinf(largest):
        return "; at least one diverged in one of the two only"
    return (
        "; equal to the shipped ones to the last digit"
        if largest == 0
        else f"; largest relative difference {largest:.1g}"
    )


def difference(one: Outcome, other: Outcome) -> float:
    """Return the largest absolute difference over the largest absolute value; inf if only one is finite.

    >>> difference(Outcome(((1.0,), (4.0,)), 1.0), Outcome(((1.0,), (3.0,)), 1.0))
    0.25
    """
    first, second = np.array(one.values, dtype=float), np.array(other.values, dtype=float)
    if first.shape != second.shape or (np.isfinite(first) != np.isfinite(second)).any():
        return float("inf")
    finite = np.isfinite(first)
    largest = float(np.abs(first[finite]).max(initial=0))
    return float(np.abs(first - second)[finite].max(initial=0)) / largest if largest else 0.0


def recompute_panel(store: Store, offers: Sequence[Offer], key: str) -> None:
    """Show a button with the cost of each offer, and the progress of launched ones; nothing before a class."""
    if teaching() or not offers:
        return
    runs = store.runs()
    offers = [_as_here(store, runs, each) for each in offers]
    asked = [each for offer in offers for each in offer.specifications]
    mine = [run for run in runs if run.origin == "local" and run.specification in asked and run.status != "finished"]
    with st.container(border=True):
        st.markdown("**Compute these numbers here**")
        for number, offer in enumerate(offers):
            _offer(store, runs, offer, f"lesson-compute-{key}-{number}")
        if mine:
            _progress(store, mine)


def _as_here(store: Store, runs: list[Run], offer: Offer) -> Offer:
    """Return the offer with the arithmetic that this machine has."""

    def missing(specification: Specification) -> int:
        return missing_work(store, runs, specification).missing

    return offer._replace(specifications=tuple(faster(each, runs, missing) for each in offer.specifications))


def _offer(store: Store, runs: list[Run], offer: Offer, key: str) -> None:
    work = [missing_work(store, runs, each) for each in offer.specifications]
    count, time = sum(each.missing for each in work), duration(sum(each.seconds for each in work))
    going_on = any(run.status in ACTIVE and run.specification in offer.specifications for run in runs)
    with st.container(horizontal=True, vertical_alignment="center"):
        clicked = st.button(
            f"Compute {offer.what}", icon=":material/calculate:", key=key, disabled=going_on or count == 0
        )
        took = f"{count:,} evaluation{'s' if count != 1 else ''}, about **{time}** on {cores()} cores."
        st.caption(took if count else "Nothing left to compute.")
    if clicked:
        launch(store, *(each for each, left in zip(offer.specifications, work, strict=True) if left.missing))


def _progress(store: Store, runs: list[Run]) -> None:
    active = any(run.status in ACTIVE for run in runs)

    @st.fragment(run_every=1.5 if active else None)
    @told()
    def panel(ids: list[str], was_active: bool) -> None:
        """Refresh while the runs are active, then rerun the step with the new results."""
        found = [store.run(each) for each in ids]
        if was_active and not any(run.status in ACTIVE for run in found):
            st.rerun()
        for run in found:
            progress_panel(store, run)

    panel([run.id for run in runs], active)
