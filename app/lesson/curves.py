"""Common parts of the steps about two loss curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from app.lesson import data
from app.lesson.charts.pair import pair_data, pair_figure
from app.lesson.findings import apart, pairs
from app.lesson.numbers import judged, right_order, scores_by_iteration
from app.lesson.recompute import Offer
from app.lesson.telling import chart
from app.lesson.walk import Pair
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.runs.plan import Outcomes
from eproxy_engine.sampling import Sample

FEWEST_FOR_PAIRS = 5
"""Fewest architectures for a meaningful share of pairs in the right order."""


class Curves(NamedTuple):
    """Loss curves of all evaluated architectures of an evaluation run."""

    barrier: bool
    rows: pd.DataFrame
    """Rows as returned by :func:`app.lesson.numbers.judged`."""
    scores: np.ndarray
    """Scores ``[n, iterations]`` as returned by :func:`app.lesson.numbers.scores_by_iteration`."""

    def losses_of(self, architecture: str) -> np.ndarray:
        """Return the losses before each update; all nan if the architecture is not evaluated."""
        found = self.scores[(self.rows["architecture"] == architecture).to_numpy(bool)]
        return -found[0] if len(found) else np.full(self.scores.shape[1], np.nan)


def evaluation_run_at(barrier: bool, seed: int) -> data.Shipped[EvaluationSpecification]:
    """Return the shipped evaluation run, with its seed set to ``seed``. Raises UserError."""
    given = data.evaluation_run(barrier)
    return given._replace(specification=replace(given.specification, seed=seed))


def curves_of(specification: EvaluationSpecification, outcomes: Outcomes) -> Curves:
    """Collect the curves from the outcomes."""
    configuration = specification.proxy
    assert isinstance(configuration, Configuration)
    rows = judged(specification, outcomes)
    return Curves(configuration.barrier, rows, scores_by_iteration(rows["losses"], configuration.iterations))


def of_pair(specification: EvaluationSpecification, pair: Pair) -> EvaluationSpecification:
    """Return the specification reduced to two architectures."""
    return replace(specification, sample=Sample("picked", 2, specification.sample.seed, pair.texts()))


def offers(specifications: Sequence[EvaluationSpecification], pair: Pair) -> list[Offer]:
    """Return offers to compute the two architectures or the whole sample."""
    count = len(specifications[0].architectures())
    return [
        Offer("these two", tuple(of_pair(each, pair) for each in specifications)),
        Offer(f"all {count} architectures", tuple(specifications)),
    ]


def curves_chart(curves: Curves, pair: Pair, iteration: int, log: bool) -> None:
    """Show all loss curves, with the two in front."""
    good, bad = (curves.losses_of(text) for text in pair.texts())
    side = f"with{'' if curves.barrier else 'out'} the barrier"
    chart(
        pair_figure(pair_data(good, bad, curves.barrier, iteration, -curves.scores), log=log),
        f"lesson-curves-{curves.barrier}",
        f"Loss curves of {len(curves.rows)} architectures {side}, a good and a bad one in front",
    )


def sentence(curves: Curves, pair: Pair, iteration: int) -> str:
    """Say what the two curves, and all pairs of the sample, show at an iteration."""
    good, bad = (curves.losses_of(text)[iteration - 1] for text in pair.texts())
    side = "With" if curves.barrier else "Without"
    if np.isnan(good) or np.isnan(bad):
        return f"{side} the barrier nothing is computed for these two yet."
    finding = f"{side} the barrier, at iteration {iteration}, {apart(good, bad)}."
    if len(curves.rows) < FEWEST_FOR_PAIRS:
        return finding
    share = right_order(curves.scores[:, iteration - 1], curves.rows["accuracy"].to_numpy(float))
    return f"{finding} Of all pairs among {len(curves.rows)} architectures {pairs(share)}."


def iteration_control(specification: EvaluationSpecification) -> tuple[int, bool]:
    """Show controls, and return the chosen iteration and whether losses are logarithmic."""
    assert isinstance(specification.proxy, Configuration)
    iterations = specification.proxy.iterations
    marked = st.slider("Iteration", 1, iterations, iterations, key="lesson-iteration", width=360)
    log = st.toggle("Logarithmic", value=True, key="lesson-log")
    return int(marked), bool(log)
