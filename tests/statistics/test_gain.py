"""nDCG against a slow implementation of its definition, ties by trying every order."""

import math
import time
from functools import partial
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine.statistics import bootstrap_interval, ndcg, precision_at


def dcg(order: tuple[int, ...], accuracy: list[float], k: int) -> float:
    low, high = min(accuracy), max(accuracy)
    return sum((accuracy[i] - low) / (high - low) / math.log2(place + 1) for place, i in enumerate(order[:k], start=1))


def by_definition(score: list[float], accuracy: list[float], k: int) -> float:
    """The mean over every order that agrees with the scores, over the best of all orders."""
    orders = list(permutations(range(len(score))))
    agreeing = [o for o in orders if all(score[a] >= score[b] for a, b in pairwise(o))]
    reached = sum(dcg(order, accuracy, k) for order in agreeing) / len(agreeing)
    return reached / max(dcg(order, accuracy, k) for order in orders)


few = st.integers(2, 6).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(-2, 2).map(float), min_size=n, max_size=n) for _ in range(2)))
)


@given(few, st.sampled_from([1, 2, 3, None]))
def test_equals_its_definition(pair: tuple[list[float], list[float]], k: int | None) -> None:
    score, accuracy = pair
    if len(set(accuracy)) == 1:
        assert math.isnan(ndcg(score, accuracy, k))
    else:
        assert ndcg(score, accuracy, k) == pytest.approx(by_definition(score, accuracy, k or len(score)))


def test_by_hand() -> None:
    accuracy = [90.0, 92.0, 94.0]  # gains 0, 1/2, 1
    best = 1 + 0.5 / math.log2(3)
    assert ndcg([1, 2, 3], accuracy) == 1
    assert ndcg([3, 2, 1], accuracy) == pytest.approx((0.5 / math.log2(3) + 1 / 2) / best)
    assert ndcg([3, 2, 1], accuracy, k=1) == 0
    assert ndcg([1, 3, 2], accuracy, k=1) == 0.5
    assert ndcg([0, 0, 0], accuracy, k=1) == pytest.approx(0.5)  # the mean gain


def test_only_the_order_of_scores_and_the_spacing_of_accuracies_matter() -> None:
    rng = np.random.default_rng(0)
    score, accuracy = rng.normal(size=(2, 30))
    assert ndcg(np.exp(score), 5 * accuracy - 3) == pytest.approx(ndcg(score, accuracy))
    assert ndcg(score, np.exp(accuracy)) != pytest.approx(ndcg(score, accuracy))


def test_diverged_scores_rank_last_and_tie() -> None:
    accuracy = [5.0, 4.0, 3.0, 1.0]
    diverged = ndcg([math.nan, 2.0, math.inf, 1.0], accuracy)
    assert diverged == ndcg([-9.0, 2.0, -9.0, 1.0], accuracy)
    assert diverged < ndcg([0.5, 2.0, 0.2, 1.0], accuracy)


def test_undefined_and_refused() -> None:
    assert math.isnan(ndcg([], []))
    assert math.isnan(ndcg([1.0], [2.0]))
    with pytest.raises(ValueError, match="k=0"):
        ndcg([1, 2], [1, 2], k=0)
    with pytest.raises(ValueError, match="accuracy must be finite"):
        ndcg([1, 2], [1, math.nan])


@pytest.mark.parametrize("k", [None, 3])
def test_all_resamples_at_once_equal_one_after_the_other(k: int | None) -> None:
    rng = np.random.default_rng(1)
    accuracy = np.round(rng.normal(size=12), 1)
    score = np.where(rng.random(12) < 0.2, -math.inf, np.round(accuracy + rng.normal(size=12)))
    at_once = bootstrap_interval(partial(ndcg, k=k), score, accuracy, resamples=60)
    one_by_one = bootstrap_interval(lambda x, y: ndcg(x, y, k), score, accuracy, resamples=60)
    assert (at_once.low, at_once.high) == pytest.approx((one_by_one.low, one_by_one.high))
    assert at_once.low < at_once.value < at_once.high


def test_twenty_proxies_are_quick_enough_for_a_page() -> None:
    rng = np.random.default_rng(2)
    accuracy = rng.normal(size=200)
    start = time.process_time()
    for score in accuracy + rng.normal(size=(20, 200)):
        for statistic in (precision_at, ndcg):
            bootstrap_interval(statistic, score, accuracy, resamples=1000)
    assert time.process_time() - start < 4  # takes 0.5 s; one resample after the other takes half a minute
