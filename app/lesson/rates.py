"""Common parts of the steps about learning rates: scores of Table 1's proxies after every iteration."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.lesson import data
from app.lesson.charts.iterations import Line
from app.lesson.numbers import Floats, judged, paired, rho, scores_by_iteration
from app.lesson.recompute import Offer
from eproxy_engine import statistics
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import ComparisonSpecification
from eproxy_engine.runs.plan import Outcomes
from eproxy_engine.sampling import Sample
from eproxy_engine.statistics import Difference, Estimate

FEW = 10
BANDS = 12
"""Iterations with intervals; each takes a bootstrap."""
Place = tuple[bool, float]
"""Barrier and learning rate."""


class Scores(NamedTuple):
    """Scores of one proxy on the evaluated architectures."""

    scores: Floats
    """Scores ``[n, iterations]`` as returned by :func:`app.lesson.numbers.scores_by_iteration`."""
    rows: pd.DataFrame
    """Columns architecture and accuracy of the ``n``."""

    @property
    def accuracy(self) -> Floats:
        """Accuracies, ``[n]``."""
        return self.rows["accuracy"].to_numpy(float)

    @property
    def iterations(self) -> int:
        """Number of training iterations."""
        return self.scores.shape[1]

    def estimate(self, iteration: int) -> Estimate:
        """Return ρ with its interval at an iteration, from 1; nan beyond the last."""
        if iteration > self.iterations:
            return Estimate(np.nan, np.nan, np.nan)
        return rho(self.scores[:, iteration - 1], self.accuracy)

    def ahead_of(self, other: Scores, iteration: int) -> Difference:
        """Return how far ρ is above another's at an iteration, on the architectures of both."""
        if iteration > min(self.iterations, other.iterations):
            return Difference(np.nan, np.nan, np.nan, np.nan, np.nan, 0)
        return paired(*(each.rows.assign(score=each.scores[:, iteration - 1]) for each in (self, other)))

    def diverged(self, iteration: int) -> int:
        """Count the architectures that have diverged by an iteration."""
        return int(np.isneginf(self.scores[:, min(iteration, self.iterations) - 1]).sum())


def scores_of(specification: ComparisonSpecification, outcomes: Outcomes) -> dict[Place, Scores]:
    """Return scores by barrier and learning rate, largest first; the longest-trained of several equal proxies."""
    found: dict[Place, Scores] = {}
    for proxy in specification.proxies:
        configuration = proxy.proxy
        assert isinstance(configuration, Configuration)
        rows = judged(specification.evaluation_run(proxy), outcomes)
        scores = scores_by_iteration(rows["losses"], configuration.iterations)
        place = configuration.barrier, configuration.learning_rate
        if place not in found or found[place].iterations < configuration.iterations:
            found[place] = Scores(scores, rows[["architecture", "accuracy"]])
    return dict(sorted(found.items(), key=lambda item: (-item[0][1], not item[0][0])))


def line_of(barrier: bool, given: Scores) -> Line:
    """Compute ρ at every iteration, with intervals at some of them."""
    return Line(barrier, *_traced(given.scores, given.accuracy))


def offers() -> list[Offer]:
    """Return offers to compute the first few architectures or all."""
    given = data.table_1().specification
    count = len(given.architectures())
    few = [_first(given, FEW)] if given.sample.rule == "random" and count > FEW else []
    return [Offer(f"the first {FEW}", (each,)) for each in few] + [Offer(f"all {count} architectures", (given,))]


def _first(given: ComparisonSpecification, count: int) -> ComparisonSpecification:
    sample = Sample(given.sample.rule, count, given.sample.seed)
    return ComparisonSpecification(given.space, given.task, sample, given.proxies, given.images, given.seeds)


@st.cache_data(max_entries=24, show_spinner=False)
def _traced(scores: Floats, accuracy: Floats) -> tuple[Floats, NDArray[np.int64], Floats, Floats]:
    """Return ρ ``[iterations]``, and iterations, low and high of its intervals."""
    count = scores.shape[1]
    values = np.array([statistics.spearman(scores[:, i], accuracy) for i in range(count)])
    places = np.unique(np.geomspace(1, count, BANDS).round().astype(np.int64))
    ends = [rho(scores[:, place - 1], accuracy) for place in places]
    return values, places, np.array([each.low for each in ends]), np.array([each.high for each in ends])
