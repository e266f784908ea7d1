"""Step 8: the learning rate."""

from __future__ import annotations

import streamlit as st

from app.lesson import data
from app.lesson.charts.iterations import iterations_data, iterations_figure
from app.lesson.findings import listed, told
from app.lesson.rates import Place, Scores, line_of, offers, scores_of
from app.lesson.recompute import chosen_outcomes, recompute_panel
from app.lesson.telling import begun, chart, finding, folded, words
from app.views.difference import verdict
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Store

TITLE = "The learning rate"
NEAR_ZERO_COST = 10
"""Iterations that the paper calls near zero cost."""


def show(store: Store) -> None:
    """Show ρ by iteration at one learning rate. Raises UserError."""
    text = words("learning_rate")
    above = begun(text)
    given = data.table_1()
    outcomes = chosen_outcomes(store, [given.specification], given.outcomes, "rate")
    found = scores_of(given.specification, outcomes)
    rates = list(dict.fromkeys(rate for _, rate in found))
    if not rates:
        raise UserError("no proxy in the lesson's table; accepted: Eproxy configurations with and without barrier")
    longest = max(each.iterations for each in found.values())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rate = st.segmented_control(
            "Learning rate", rates, format_func=lambda one: f"{one:g}", default=rates[0], required=True, key="lesson-lr"
        )
        start = min(NEAR_ZERO_COST, longest)
        iteration = st.slider("Iteration", 1, longest, start, key="lesson-lr-iteration", width=420)
    lines = [line_of(barrier, each) for (barrier, at), each in found.items() if at == rate]
    chart(
        iterations_figure(iterations_data(lines, iteration, rate)),
        "lesson-iterations",
        "ρ by iteration with and without the barrier",
    )
    finding(above, _sentence(found, rate, iteration))
    folded(text)
    recompute_panel(store, offers(), "rate")


def _sentence(found: dict[Place, Scores], rate: float, iteration: int) -> str:
    """Describe the chosen rate, then name the best rate at this iteration."""
    here = {barrier: each for (barrier, at), each in found.items() if at == rate}
    estimates = {barrier: each.estimate(iteration) for barrier, each in here.items()}
    sides = [f"{told(each)} {_side(barrier)}" for barrier, each in estimates.items()]
    ahead = f": {verdict(here[True].ahead_of(here[False], iteration))}" if len(here) > 1 else ""
    diverged = [f"{each.diverged(iteration)} {_side(barrier)}" for barrier, each in here.items()]
    number = max(len(each.accuracy) for each in here.values())
    values = {place: each.estimate(iteration).value for place, each in found.items()}
    known = {place: value for place, value in values.items() if value == value}
    best = max(known, key=known.__getitem__, default=None)
    highest = "" if best is None else f" The highest ρ at this iteration has rate {best[1]:g} {_side(best[0])}."
    return (
        f"At learning rate {rate:g}, iteration {iteration}, ρ is {listed(sides)}{ahead}.{highest}  \n"
        f"Diverged by then, of {number} architectures: {listed(diverged)}."
    )


def _side(barrier: bool) -> str:
    return "with the barrier" if barrier else "without it"
