"""Step 3: all architectures sort themselves by their loss, with and without the barrier."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.charts.layout import rounded
from app.lesson import data
from app.lesson.charts.sorting import sorting_data, sorting_figure
from app.lesson.curves import Curves, curves_of, evaluation_run_at
from app.lesson.findings import in_order
from app.lesson.numbers import Floats
from app.lesson.recompute import Offer, chosen_outcomes, recompute_panel
from app.lesson.telling import begun, chart, finding, folded, words
from app.lesson.walk import pair
from eproxy_engine import statistics
from eproxy_engine.runs import Store

TITLE = "Watch them sort"


class Sorted(NamedTuple):
    """The architectures that both exercises have evaluated."""

    architectures: list[str]
    accuracy: Floats
    scores: dict[bool, Floats]
    """By barrier, ``[n, iterations]``."""
    rho: dict[bool, Floats]
    """By barrier, ``[iterations]``."""


def show(store: Store) -> None:
    """Show where both exercises place the architectures, iteration by iteration. Raises UserError."""
    told = words("sorting")
    place = begun(told)
    given = {barrier: evaluation_run_at(barrier, data.evaluation_run(barrier).specification.seed) for barrier in SIDES}
    asked = [each.specification for each in given.values()]
    outcomes = chosen_outcomes(store, asked, given[False].outcomes | given[True].outcomes, "sorting")
    found = _sorted({barrier: curves_of(each.specification, outcomes) for barrier, each in given.items()})
    indices = [found.architectures.index(text) for text in pair().texts() if text in found.architectures]
    sides = [(barrier, found.scores[barrier], found.rho[barrier]) for barrier in SIDES]
    title = f"{len(found.accuracy)} architectures, each a dot: bright is accurate"
    chart(
        sorting_figure(sorting_data(sides, found.accuracy, indices, title)),
        "lesson-sorting",
        "Architectures placed by the exercise without the barrier, by their accuracy, and by the exercise with it",
        tools=False,  # they would cover the slider
    )
    finding(place, _sentence(found))
    folded(told)
    recompute_panel(store, [Offer(f"all {len(asked[0].architectures())} architectures", tuple(asked))], "sorting")


SIDES = (False, True)


def _sorted(curves: dict[bool, Curves]) -> Sorted:
    on, off = (curves[barrier].rows["architecture"].tolist() for barrier in (True, False))
    both = [text for text in on if text in set(off)]
    scores, rho = {}, {}
    accuracy = curves[True].rows.set_index("architecture")["accuracy"].reindex(both).to_numpy(float)
    for barrier, each in curves.items():
        rows = each.rows["architecture"].tolist()
        scores[barrier] = each.scores[[rows.index(text) for text in both]]
        columns = list(scores[barrier].T) if both else list[np.ndarray]()
        rho[barrier] = np.array([statistics.spearman(column, accuracy) for column in columns])
    return Sorted(both, accuracy, scores, rho)


def _sentence(found: Sorted) -> str:
    """Say where it starts and where it ends on both sides."""
    if len(found.accuracy) < 2:
        return "Nothing is computed on both sides yet."
    lines = [
        f"{'With' if barrier else 'Without'} the barrier ρ goes from {_rho(rho[0])} before the first update to "
        f"**{_rho(rho[-1])}** at iteration {len(rho)}: {in_order(float(rho[-1]))}."
        for barrier, rho in ((barrier, found.rho[barrier]) for barrier in SIDES)
    ]
    return "  \n".join(lines)


def _rho(value: float) -> str:
    return rounded(value) if np.isfinite(value) else "no order"
