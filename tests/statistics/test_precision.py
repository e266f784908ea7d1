"""Precision@k: hand-computed values, its kinship with top-k retrieval, ties, diverged scores and refusals."""

import math
from functools import partial
from itertools import pairwise, permutations

import numpy as np
import pytest

from eproxy_engine.statistics import bootstrap_interval, precision_at, top_retrieval


def by_all_tie_breakings(score: list[float], accuracy: list[float], k: int, good: int) -> float:
    """The mean over every order that agrees with the scores, and every order that agrees with the accuracies."""

    def tops(values: list[float], size: int) -> list[set[int]]:
        orders = [o for o in permutations(range(len(values))) if all(values[a] >= values[b] for a, b in pairwise(o))]
        return [set(order[:size]) for order in orders]

    pairs = [(a, b) for a in tops(score, k) for b in tops(accuracy, good)]
    return sum(len(a & b) for a, b in pairs) / len(pairs) / k


def test_by_hand() -> None:
    accuracy = np.arange(100.0)  # good: 90 to 99
    score = np.zeros(100)
    score[[95, 97, 10, 20]] = [4, 3, 2, 1]
    assert precision_at(score, accuracy, k=4) == 0.5
    assert precision_at(score, accuracy, k=2) == 1
    assert precision_at(score, accuracy, k=4, good=0.03) == 0.25  # only 97 is among 97, 98, 99
    assert precision_at(score, accuracy, k=0.02) == 1  # a share: 2 of 100
    assert precision_at(-accuracy, accuracy) == 0


def test_fewer_good_than_k_bound_it() -> None:
    accuracy = np.arange(30.0)  # 3 are good
    assert precision_at(accuracy, accuracy) == pytest.approx(0.3)
    assert precision_at(accuracy, accuracy, k=99) == pytest.approx(0.1)  # all 30
    assert precision_at([5.0], [1.0]) == 1
    assert math.isnan(precision_at([], []))


def test_equals_top_retrieval_where_as_many_are_good_as_are_taken() -> None:
    rng = np.random.default_rng(0)
    accuracy = rng.normal(size=100)
    score = np.round(accuracy + rng.normal(size=100))
    assert precision_at(score, accuracy, k=10, good=0.1) == top_retrieval(score, accuracy, 0.1)
    assert precision_at(score, accuracy, k=0.2, good=0.2) == top_retrieval(score, accuracy, 0.2)
    assert precision_at(score, accuracy, k=20, good=0.1) != top_retrieval(score, accuracy, 0.2)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_ties_count_with_their_expectation(k: int) -> None:
    score, accuracy = [1.0, 2.0, 2.0, 0.0, 2.0, 1.0], [5.0, 3.0, 5.0, 5.0, 1.0, 2.0]
    expected = by_all_tie_breakings(score, accuracy, k, good=2)
    assert precision_at(score, accuracy, k, good=0.3) == pytest.approx(expected)


def test_diverged_scores_rank_last_and_tie() -> None:
    accuracy = [4.0, 3.0, 2.0, 1.0]
    assert precision_at([math.nan, 0.0, math.inf, -1.0], accuracy, k=2, good=0.5) == 0.5
    assert precision_at([math.nan, 0.0, -math.inf, -1.0], accuracy, k=3, good=0.25) == pytest.approx(0.5 / 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"k": 0}, "k=0"), ({"k": 1.5}, "k=1.5"), ({"k": 0.0}, "k=0.0"), ({"good": 0}, "good=0"), ({"good": 2}, "good=2")],
)
def test_arguments_out_of_range(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        precision_at([1, 2], [1, 2], **arguments)


@pytest.mark.parametrize("arguments", [{}, {"k": 5, "good": 0.3}, {"k": 0.2}])
def test_all_resamples_at_once_equal_one_after_the_other(arguments: dict[str, float]) -> None:
    rng = np.random.default_rng(1)
    accuracy = rng.normal(size=40)
    score = np.where(rng.random(40) < 0.2, -math.inf, np.round(2 * accuracy + rng.normal(size=40)))
    at_once = bootstrap_interval(partial(precision_at, **arguments), score, accuracy, resamples=50)
    one_by_one = bootstrap_interval(lambda x, y: precision_at(x, y, **arguments), score, accuracy, resamples=50)
    assert (at_once.low, at_once.high) == pytest.approx((one_by_one.low, one_by_one.high))
    assert at_once.low < at_once.high
