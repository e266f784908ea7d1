"""Paired differences: a resampling done by hand, SciPy's paired bootstrap, and what pairing gains."""

import math

import numpy as np
import pytest
from scipy import stats

from app.views.difference import verdict
from eproxy_engine.statistics import (
    Difference,
    bootstrap_interval,
    kendall,
    paired_difference,
    resampled_together,
    spearman,
    top_retrieval,
)
from eproxy_engine.statistics.bootstrap import resample_indices


def two_alike(n: int, noise: float = 0.3, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Accuracies, a score of them, and that score with noise of its own."""
    rng = np.random.default_rng(seed)
    accuracy = rng.normal(size=n)
    first = accuracy + rng.normal(size=n)
    return first, first + noise * rng.normal(size=n), accuracy


@pytest.mark.parametrize("statistic", [spearman, kendall, top_retrieval])
def test_every_resample_judges_both(statistic) -> None:  # type: ignore[no-untyped-def]
    first, second, accuracy = two_alike(30)
    first[[2, 5]] = math.nan  # diverged
    found = paired_difference(first, second, accuracy, statistic, resamples=60, seed=3)
    by_hand = np.array(
        [
            statistic(first[row], accuracy[row]) - statistic(second[row], accuracy[row])
            for rows in resample_indices(30, 60, 3)
            for row in rows
        ]
    )
    assert found.value == statistic(first, accuracy) - statistic(second, accuracy)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(by_hand, [0.025, 0.975])))
    assert found.above == pytest.approx(((by_hand > 1e-9).sum() + (abs(by_hand) <= 1e-9).sum() / 2) / 60)


def test_agrees_with_scipys_paired_bootstrap() -> None:
    first, second, accuracy = two_alike(100)

    def difference(a: np.ndarray, b: np.ndarray, y: np.ndarray) -> float:
        return stats.spearmanr(a, y).statistic - stats.spearmanr(b, y).statistic

    theirs = stats.bootstrap(
        (first, second, accuracy),
        difference,
        paired=True,
        vectorized=False,
        n_resamples=300,
        method="percentile",
        rng=0,
    ).confidence_interval
    ours = paired_difference(first, second, accuracy)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.015)


def test_a_difference_can_be_certain_though_the_intervals_overlap() -> None:
    first, second, accuracy = two_alike(200, noise=0.5)
    one, other = (bootstrap_interval(spearman, score, accuracy) for score in (first, second))
    paired = paired_difference(first, second, accuracy)
    assert one.low < other.high
    assert paired.beyond_chance
    assert paired.high - paired.low < 0.6 * math.hypot(one.high - one.low, other.high - other.low)
    assert verdict(paired, "A", "B").startswith("A is ahead by")
    assert verdict(paired, "A", "B").endswith("more than chance explains")
    assert verdict(paired.reversed(), "A", "B").startswith("B is ahead by")


def test_together_equals_each_alone() -> None:
    first, second, accuracy = two_alike(40)
    found = resampled_together(spearman, [first, second, -first], accuracy, resamples=100)
    assert found.estimate(1) == bootstrap_interval(spearman, second, accuracy, resamples=100)
    assert found.difference(0, 1) == paired_difference(first, second, accuracy, resamples=100)
    assert found.difference(0, 2).value == pytest.approx(2 * spearman(first, accuracy))


def test_equal_scores_do_not_differ() -> None:
    first, _, accuracy = two_alike(20)
    same = paired_difference(first, 2 * first, accuracy)
    assert (same.value, same.low, same.high, same.above) == (0, 0, 0, 0.5)
    assert not same.beyond_chance
    assert verdict(same) == "both are the same to two digits, 0.00 [0.00, 0.00]"


def test_too_few_and_constant_have_no_interval() -> None:
    few = paired_difference([1, 2, 3, 4], [2, 1, 3, 4], [1, 2, 3, 4])
    assert few.value == pytest.approx(0.2)
    assert math.isnan(few.low)
    assert "too few" in verdict(few)
    constant = paired_difference(np.zeros(9), np.arange(9.0), np.arange(9.0))
    assert math.isnan(constant.value)
    assert math.isnan(constant.above)
    assert verdict(constant) == "there is not enough to compare"
    with pytest.raises(ValueError, match="level=1"):
        paired_difference([1, 2], [1, 2], [1, 2], level=1)
    assert Difference(0.5, math.nan, math.nan, math.nan, math.nan, 9).as_dict("more")["more"] is None
