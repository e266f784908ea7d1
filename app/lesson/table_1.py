"""Step 9: Table 1 of the paper, rebuilt live."""

from __future__ import annotations

import re

import streamlit as st

from app.lesson import data
from app.lesson.charts.table_1 import grid_data, grid_figure
from app.lesson.findings import listed
from app.lesson.rates import Place, Scores, offers, scores_of
from app.lesson.recompute import chosen_outcomes, recompute_panel
from app.lesson.telling import begun, chart, finding, folded, words
from app.views.difference import verdict
from eproxy_engine import spaces
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import ComparisonSpecification, Store
from eproxy_engine.scoreboard import table

TITLE = "Table 1"
START = 10


def show(store: Store) -> None:
    """Show values measured here beside the printed ones nearest in iterations. Raises UserError."""
    text = words("table_1")
    above = begun(text)
    given = data.table_1()
    outcomes = chosen_outcomes(store, [given.specification], given.outcomes, "table")
    found = scores_of(given.specification, outcomes)
    longest = max(each.iterations for each in found.values())
    iteration = st.slider("Iterations", 1, longest, min(START, longest), key="lesson-table-iteration", width=420)
    estimates = {place: each.estimate(iteration) for place, each in found.items()}
    number = max(len(each.accuracy) for each in found.values())
    measured = grid_data(
        f"Measured here, iteration {iteration}, n = {number}",
        {place: each.value for place, each in estimates.items()},
        {place: (each.low, each.high) for place, each in estimates.items()},
    )
    printed = printed_values()
    nearest = min(printed, key=lambda count: abs(count - iteration))
    left, right = st.columns(2, gap="large")
    with left:
        chart(grid_figure(measured), "lesson-measured", "ρ by barrier and learning rate, measured here")
    with right:
        published = grid_data(f"Printed in the paper, {nearest} iterations", printed[nearest])
        chart(grid_figure(published), "lesson-printed", "ρ by barrier and learning rate, as published")
    st.caption(_conditions(given.specification))
    finding(above, _sentence(found, iteration))
    folded(text)
    recompute_panel(store, offers(), "table")


def printed_values() -> dict[int, dict[Place, float]]:
    """Return Table 1 as published: ρ by iterations, barrier and learning rate."""
    values: dict[int, dict[Place, float]] = {}
    for cell in table(1).cells:
        count, rate = (re.search(r"[\d.]+", name) for name in (cell.row, cell.column))
        assert count
        assert rate
        if cell.rho is not None:
            place = not cell.column.startswith("no "), float(rate[0])
            values.setdefault(int(count[0]), {})[place] = cell.rho
    return values


def _conditions(given: ComparisonSpecification) -> str:
    configuration = given.proxies[0].proxy
    assert isinstance(configuration, Configuration)
    width = spaces.get(given.space).stem_channels(configuration.width)
    return (
        f"Here: stem width {width}, {configuration.batch} images ({given.images}), seed {given.seed}, "
        f"{given.space_title}. In the cells: ρ and its 95% interval."
    )


def _sentence(found: dict[Place, Scores], iteration: int) -> str:
    """Write one line per learning rate."""
    rates = dict.fromkeys(rate for _, rate in found)
    lines = [
        f"Learning rate {rate:g}: {verdict(found[True, rate].ahead_of(found[False, rate], iteration))}."
        for rate in rates
        if (True, rate) in found and (False, rate) in found
    ]
    diverged = [(place, each.diverged(iteration)) for place, each in found.items() if each.diverged(iteration)]
    if diverged:
        told = [f"{count} ({'barrier' if on else 'no barrier'}, {rate:g})" for (on, rate), count in diverged]
        lines.append(f"Diverged by iteration {iteration}, so ranked last: {listed(told)}.")
    return "  \n".join(lines)
