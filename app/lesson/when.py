"""Step 10: when the barrier helps, and when it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import streamlit as st

from app.charts.layout import rounded
from app.lesson import data
from app.lesson.charts.when import when_data, when_figure
from app.lesson.findings import listed
from app.lesson.numbers import judged, paired
from app.lesson.recompute import Offer, chosen_outcomes, recompute_panel
from app.lesson.table_1 import printed_values
from app.lesson.telling import begun, chart, finding, folded, words
from app.lesson.the_task import TARGETS
from eproxy_engine import spaces
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import ComparisonSpecification, EvaluationSpecification, Specification, Store
from eproxy_engine.runs.plan import Outcomes
from eproxy_engine.statistics import Difference

TITLE = "So when?"


class Setting(NamedTuple):
    """One exercise, done with and without the barrier."""

    name: str
    difference: Difference
    """ρ with the barrier, and ρ without it."""


def show(store: Store) -> None:
    """Show how far the barrier is ahead in every setting that ships. Raises UserError."""
    told = words("when")
    above = begun(told)
    given = shipped()
    outcomes = {key: outcome for each in given for key, outcome in each.outcomes.items()}
    asked = [each.specification for each in given]
    found = settings(asked, chosen_outcomes(store, asked, outcomes, "when"))
    title = f"ρ with minus ρ without the barrier, in {len(found)} settings"
    figure = when_figure(when_data([(each.name, each.difference) for each in found], title))
    chart(figure, "lesson-when", "Difference of ρ with and without the barrier in several settings")
    finding(above, sentence(found))
    st.caption(_printed())
    folded(told)
    others = [each.specification for each in data.elsewhere()]
    recompute_panel(store, [Offer(f"{each.space_title}, {_targets(each)}", (each,)) for each in others], "when")


def shipped() -> list[data.Shipped[Any]]:
    """Return all runs of the lesson that are made with and without the barrier. Raises UserError."""
    return [*(data.evaluation_run(barrier) for barrier in (True, False)), data.table_1(), *data.elsewhere()]


def settings(given: Iterable[Specification], outcomes: Outcomes) -> list[Setting]:
    """Return the pairs of runs that differ in the barrier alone, as far as both are evaluated."""
    sides: dict[str, dict[bool, EvaluationSpecification]] = {}
    for each in _evaluation_runs(given):
        if isinstance(each.proxy, Configuration):
            sides.setdefault(_named(each, each.proxy), {}).setdefault(each.proxy.barrier, each)
    found = []
    for name, pair in sides.items():
        if len(pair) == 2:
            on, off = (judged(pair[barrier], outcomes) for barrier in (True, False))
            found.append(Setting(name, paired(on, off)))
    return [each for each in found if each.difference.known]


def _evaluation_runs(given: Iterable[Specification]) -> Iterator[EvaluationSpecification]:
    for each in given:
        if isinstance(each, ComparisonSpecification):
            yield from (each.evaluation_run(proxy) for proxy in each.proxies)
        elif isinstance(each, EvaluationSpecification):
            yield each


def sentence(found: list[Setting]) -> str:
    """Count the settings in which the barrier helps, harms, and makes no visible difference."""
    sure = [each for each in found if each.difference.beyond_chance]
    helps = [each for each in sure if each.difference.value > 0]
    harms = [each for each in sure if each.difference.value < 0]
    lines = [
        f"The barrier helps beyond chance in **{len(helps)} of {len(found)}** settings and harms in **{len(harms)}**; "
        f"in the rest, {len(found) - len(sure)}, no difference shows."
    ]
    useful = [each for each in helps if each.difference.first > max(0, each.difference.second)]
    if useful:
        best = max(useful, key=lambda each: each.difference.low)
        lines.append(f"Most clearly: {best.name}, ρ {_both(best)}.")
    if harms:
        lines.append(f"Harmful: {listed([f'{each.name}, ρ {_both(each)}' for each in harms])}.")
    return "  \n".join(lines)


def _both(given: Setting) -> str:
    found = given.difference
    return f"{rounded(found.first)} with and {rounded(found.second)} without, n = {found.n:,}"


def _named(given: EvaluationSpecification, configuration: Configuration) -> str:
    """Say what distinguishes the settings: space, target, width, learning rate and iterations."""
    width = spaces.get(given.space).stem_channels(configuration.width)
    return (
        f"{given.space_title}, {_target(configuration)}, width {width}, rate {configuration.learning_rate:g}, "
        f"{configuration.iterations} iterations"
    )


def _targets(given: ComparisonSpecification) -> str:
    each = [proxy.proxy for proxy in given.proxies if isinstance(proxy.proxy, Configuration)]
    return listed(list(dict.fromkeys(map(_target, each))))


def _target(configuration: Configuration) -> str:
    return " + ".join(TARGETS.get(each, each) for each in configuration.branches[0].features)


def _printed() -> str:
    """Quote what the paper says about longer training."""
    printed = printed_values()
    longest = max(printed)
    rate = min(rate for _, rate in printed[longest])
    on, off = (printed[longest][barrier, rate] for barrier in (True, False))
    return (
        f"The paper's own Table 1, at width 128: after {longest} iterations at rate {rate:g}, ρ is {rounded(on)} with "
        f"the barrier and {rounded(off)} without. Long training needs it less."
    )
