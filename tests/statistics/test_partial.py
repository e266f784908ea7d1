"""Partial ρ against a regression on ranks, and what it says of proxies that only measure size."""

import math
from functools import partial

import numpy as np
import pytest
from scipy import stats

from eproxy_engine.statistics import bootstrap_interval, partial_spearman, spearman
from eproxy_engine.statistics.bootstrap import resample_indices


def by_regression(score: np.ndarray, accuracy: np.ndarray, given: list[np.ndarray]) -> float:
    """Pearson's correlation of the residuals of an ordinary regression on ranks."""
    known = np.column_stack([np.ones(score.size), *(stats.rankdata(g) for g in given)])
    left = []
    for ranks in (stats.rankdata(score), stats.rankdata(accuracy)):
        left.append(ranks - known @ np.linalg.lstsq(known, ranks, rcond=None)[0])
    return float(stats.pearsonr(*left).statistic)


def sample(n: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    parameters = np.exp(rng.normal(size=n))
    flops = parameters * np.exp(0.3 * rng.normal(size=n))
    quality = rng.normal(size=n)
    score = np.round(np.log(parameters) + quality + rng.normal(size=n), 1)
    return score, np.round(np.log(flops) + quality, 1), [parameters, flops]


@pytest.mark.parametrize("seed", range(5))
def test_equals_a_regression_on_ranks(seed: int) -> None:
    score, accuracy, given = sample(seed=seed)
    for known in (given, given[:1], []):
        assert partial_spearman(score, accuracy, known) == pytest.approx(by_regression(score, accuracy, known))


def test_with_one_given_it_is_the_textbook_formula() -> None:
    score, accuracy, (parameters, _) = sample()
    ab, ac, bc = spearman(score, accuracy), spearman(score, parameters), spearman(accuracy, parameters)
    expected = (ab - ac * bc) / math.sqrt((1 - ac**2) * (1 - bc**2))
    assert partial_spearman(score, accuracy, [parameters]) == pytest.approx(expected)


def test_with_nothing_given_it_is_spearman() -> None:
    score, accuracy, _ = sample()
    assert partial_spearman(score, accuracy, []) == spearman(score, accuracy)


def test_size_in_disguise_says_nothing_more() -> None:
    rng = np.random.default_rng(3)
    parameters = np.arange(500.0)
    accuracy = parameters + 80 * rng.normal(size=500)
    score = parameters + 80 * rng.normal(size=500)
    assert spearman(score, accuracy) > 0.7
    assert abs(partial_spearman(score, accuracy, [parameters])) < 0.12
    assert math.isnan(partial_spearman(np.sqrt(parameters), accuracy, [parameters, parameters**2]))


def test_the_same_given_twice_counts_once() -> None:
    score, accuracy, (parameters, flops) = sample()
    once = partial_spearman(score, accuracy, [parameters, flops])
    assert partial_spearman(score, accuracy, [parameters, flops, parameters**3]) == pytest.approx(once)
    assert partial_spearman(score, accuracy, [parameters, flops, np.ones(60)]) == pytest.approx(once)


def test_diverged_scores_rank_last_and_tie() -> None:
    score, accuracy, given = sample()
    diverged, lowest = score.copy(), score.copy()
    diverged[[3, 8, 20]] = [math.nan, math.inf, -math.inf]
    lowest[[3, 8, 20]] = -1e9
    assert partial_spearman(diverged, accuracy, given) == partial_spearman(lowest, accuracy, given)


def test_undefined_is_nan_and_nonsense_is_refused() -> None:
    assert math.isnan(partial_spearman([], [], []))
    assert math.isnan(partial_spearman([1.0], [1.0], [[1.0]]))
    assert math.isnan(partial_spearman([1, 1, 1, 1], [1, 2, 3, 4], [[1, 3, 2, 4]]))
    assert math.isnan(partial_spearman([1, 3, 2], [3, 1, 2], [[1, 2, 3], [2, 1, 3]]))  # nothing is left of three
    with pytest.raises(ValueError, match=r"shape of the score, \(2,\), but got \(3,\)"):
        partial_spearman([1, 2], [1, 2], [[1, 2, 3]])
    with pytest.raises(ValueError, match="finite, but got nan"):
        partial_spearman([1, 2], [1, 2], [[1, math.nan]])


def test_the_interval_resamples_what_is_given_too() -> None:
    score, accuracy, given = sample(n=25)
    found = bootstrap_interval(partial(partial_spearman, given=given), score, accuracy, resamples=80, seed=4)
    drawn = [row for rows in resample_indices(25, 80, seed=4) for row in rows]
    values = [partial_spearman(score[row], accuracy[row], [g[row] for g in given]) for row in drawn]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])))
    assert found.low < found.value < found.high
