"""Numbers that the lesson computes from loss curves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.views.paired import rho_difference
from eproxy_engine import statistics
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.runs.kinds.evaluation.plan import scored
from eproxy_engine.runs.plan import Outcomes
from eproxy_engine.statistics import Difference, Estimate

Floats = NDArray[np.float64]


def judged(specification: EvaluationSpecification, outcomes: Outcomes) -> pd.DataFrame:
    """Return the rows of :func:`eproxy_engine.runs.kinds.evaluation.plan.scored` with known accuracy."""
    rows = scored(specification, outcomes)
    return rows[rows["accuracy"].notna()].reset_index(drop=True)


def scores_by_iteration(curves: Iterable[Sequence[float]], iterations: int) -> Floats:
    """Return minus the loss, ``[n, iterations]``: the score if training stopped there; −inf once diverged.

    >>> scores_by_iteration([[3.0, 2.0], [1.0, float("nan")]], 3).tolist()
    [[-3.0, -2.0, -inf], [-1.0, -inf, -inf]]
    """
    given = list(curves)
    scores = np.full((len(given), iterations), -math.inf)
    for row, curve in zip(scores, given, strict=True):
        losses = np.asarray(curve[:iterations], dtype=float)
        finite = np.logical_and.accumulate(np.isfinite(losses))
        row[: len(losses)][finite] = -losses[finite]
    return scores


def rho(scores: Floats, accuracy: Floats) -> Estimate:
    """Compute Spearman's ρ with its bootstrap interval."""
    return statistics.bootstrap_interval(statistics.spearman, scores, accuracy)


def paired(one: pd.DataFrame, other: pd.DataFrame) -> Difference:
    """Compare the ρ of two sets of rows (columns architecture, accuracy, score) on the architectures of both."""
    both = one.merge(other[["architecture", "score"]], on="architecture", suffixes=("", "_other"))
    return rho_difference(both["score"], both["score_other"], both["accuracy"])


def right_order(scores: Floats, accuracy: Floats) -> float:
    """Compute the share of pairs with different accuracies in which the more accurate one has the higher score.

    A tie counts half; nan without such a pair.

    >>> right_order(np.array([1.0, 2.0, 2.0]), np.array([10.0, 20.0, 30.0]))
    0.8333333333333334
    """
    first, second = np.triu_indices(len(scores), 1)
    different = accuracy[first] != accuracy[second]
    first, second = first[different], second[different]
    if not len(first):
        return math.nan
    above = (scores[first] > scores[second]).astype(float) + (scores[first] < scores[second]) * -1.0
    wanted = np.sign(accuracy[first] - accuracy[second])
    return float(((above * wanted + 1) / 2).mean())
