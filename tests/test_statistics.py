"""The statistics against SciPy, hand-computed values, and every line of their policy."""

import json
import math
import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eproxy_engine import statistics
from eproxy_engine.statistics import (
    Correlation,
    Estimate,
    bootstrap,
    bootstrap_interval,
    correlate,
    correlation,
    kendall,
    spearman,
    top_retrieval,
)
from tests.properties import examples

CORRELATIONS = [spearman, kendall]
ALL = [spearman, kendall, top_retrieval]


@st.composite
def pairs(draw: st.DrawFn, least: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays of equal length, half of the time with many ties."""
    n = draw(st.integers(least, 40))
    tied = st.integers(-3, 3).map(float)
    number = draw(st.sampled_from([tied, st.floats(-1e6, 1e6)]))
    return tuple(np.array(draw(st.lists(number, min_size=n, max_size=n))) for _ in range(2))  # type: ignore[return-value]


def normal_pair(n: int, rho: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return x, rho * x + math.sqrt(1 - rho**2) * rng.normal(size=n)


def top_by_simulation(score: np.ndarray, accuracy: np.ndarray, k: int, repeats: int = 4000) -> float:
    """The mean overlap of the top k when every tie is broken at random."""
    rng = np.random.default_rng(0)
    overlaps = []
    for _ in range(repeats):
        tops = [set(np.lexsort((rng.random(len(v)), -v))[:k]) for v in (score, accuracy)]
        overlaps.append(len(tops[0] & tops[1]) / k)
    return float(np.mean(overlaps))


@given(pairs())
def test_correlations_equal_scipy(pair: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = pair
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.ConstantInputWarning)
        expected = stats.spearmanr(x, y).statistic, stats.kendalltau(x, y).statistic
    assert spearman(x, y) == pytest.approx(expected[0], abs=1e-12, nan_ok=True)
    assert kendall(x, y) == pytest.approx(expected[1], abs=1e-12, nan_ok=True)


@given(pairs(), st.integers(0, 2**32))
def test_the_order_of_the_input_does_not_matter(pair: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    x, y = pair
    order = np.random.default_rng(seed).permutation(x.size)
    for statistic in ALL:
        assert statistic(x[order], y[order]) == pytest.approx(statistic(x, y), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("statistic", ALL)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_diverged_ranks_last_and_ties(statistic: statistics.Statistic, bad: float) -> None:
    accuracy = np.arange(20.0)
    rng = np.random.default_rng(1)
    score = rng.normal(size=20)
    diverged, lowest = score.copy(), score.copy()
    diverged[[3, 17, 19]] = [bad, math.nan, -math.inf]
    lowest[[3, 17, 19]] = -1e9
    assert statistic(diverged, accuracy) == statistic(lowest, accuracy)


@pytest.mark.parametrize("statistic", ALL)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_non_finite_accuracy_is_an_error(statistic: statistics.Statistic, bad: float) -> None:
    with pytest.raises(ValueError, match=f"accuracy must be finite, but got {bad}"):
        statistic(np.arange(3.0), np.array([1.0, bad, 2.0]))


@pytest.mark.parametrize("statistic", ALL)
def test_wrong_shapes_are_an_error(statistic: statistics.Statistic) -> None:
    with pytest.raises(ValueError, match=r"\(3,\) and \(4,\)"):
        statistic(np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match="1-D"):
        statistic(np.zeros((2, 2)), np.zeros((2, 2)))


@pytest.mark.parametrize("statistic", CORRELATIONS)
@pytest.mark.parametrize(
    ("score", "accuracy"),
    [
        ([], []),
        ([1.0], [2.0]),
        ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]),
        ([1.0, 2.0], [5.0, 5.0]),
        ([math.nan, -math.inf, math.inf], [1.0, 2.0, 3.0]),
    ],
)
def test_undefined_is_nan_without_a_warning(
    statistic: statistics.Statistic, score: list[float], accuracy: list[float]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(statistic(np.array(score), np.array(accuracy)))
        interval = bootstrap_interval(statistic, score, accuracy, resamples=20)
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)


def test_top_retrieval_by_hand() -> None:
    accuracy = np.arange(10.0)
    assert top_retrieval(accuracy, accuracy) == 1
    assert top_retrieval(-accuracy, accuracy) == 0
    assert top_retrieval([0, 0, 0, 0, 0, 0, 9, 0, 8, 7], accuracy, 0.3) == pytest.approx(2 / 3)  # 6 8 9 of 7 8 9
    assert top_retrieval([0, 0, 0, 0, 0, 0, 0, 0, 1, 1], accuracy) == 0.5  # the best is one of two tied
    assert top_retrieval(np.zeros(10), accuracy, 0.3) == pytest.approx(0.3)  # all tied: chance
    assert top_retrieval([3, 2, 2, 1], [4, 3, 3, 1], 0.5) == pytest.approx((1 + 0.25 + 0.25) / 2)  # both borders tied
    assert top_retrieval([0.1, math.nan], [1, 2], 0.5) == 0
    assert top_retrieval([5.0], [1.0]) == 1
    assert math.isnan(top_retrieval([], []))


def test_top_retrieval_takes_k_from_the_fraction_as_written() -> None:
    accuracy = np.arange(100.0)
    score = np.where(accuracy >= 93, 1.0, 0.0)  # exactly the best 7; 0.07 * 100 is above 7 in floating point
    assert top_retrieval(score, accuracy, 0.07) == 1
    assert top_retrieval(accuracy[:11], accuracy[:11] % 10, 0.1) == pytest.approx(0.5)  # ceil(1.1) = 2


@examples(0.4)
@given(pairs(least=5), st.sampled_from([0.1, 0.3, 0.5]))
def test_top_retrieval_is_the_mean_over_random_tie_breaking(
    pair: tuple[np.ndarray, np.ndarray], fraction: float
) -> None:
    k = max(1, math.ceil(fraction * pair[0].size))
    assert top_retrieval(*pair, fraction) == pytest.approx(top_by_simulation(*pair, k), abs=0.05)


@pytest.mark.parametrize("fraction", [0, -0.1, 1.1, math.nan])
def test_fraction_out_of_range(fraction: float) -> None:
    with pytest.raises(ValueError, match="fraction"):
        top_retrieval([1, 2], [1, 2], fraction)


@pytest.mark.parametrize("statistic", ALL)
@given(pair=pairs())
def test_all_resamples_at_once_equal_one_after_the_other(
    statistic: statistics.Statistic, pair: tuple[np.ndarray, np.ndarray]
) -> None:
    at_once = bootstrap_interval(statistic, *pair, resamples=30, seed=5)
    one_by_one = bootstrap_interval(lambda x, y: statistic(x, y), *pair, resamples=30, seed=5)
    for part in ("value", "low", "high"):
        assert getattr(at_once, part) == pytest.approx(getattr(one_by_one, part), abs=1e-9, nan_ok=True)


def test_diverged_scores_in_resamples() -> None:
    x, y = normal_pair(30, 0.7, seed=2)
    x[[1, 5, 9]] = math.nan
    for statistic in ALL:
        assert bootstrap_interval(statistic, x, y, seed=1) == bootstrap_interval(
            statistic, np.where(np.isnan(x), -99.0, x), y, seed=1
        )


def test_large_tables_agree_with_the_pair_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = normal_pair(60, 0.5, seed=3)
    matrix = bootstrap_interval(kendall, x, y, resamples=50)
    monkeypatch.setattr(correlation, "LARGEST_PAIR_MATRIX", 59)
    monkeypatch.setattr(bootstrap, "_ENTRIES_AT_ONCE", 60 * 50)
    sorted_ = bootstrap_interval(kendall, x, y, resamples=50)
    assert sorted_.value == pytest.approx(matrix.value, abs=1e-12)
    assert (sorted_.low, sorted_.high) == pytest.approx((matrix.low, matrix.high), abs=1e-9)


def test_interval_is_deterministic_in_the_seed() -> None:
    x, y = normal_pair(50, 0.5, seed=4)
    first = bootstrap_interval(spearman, x, y, seed=1)
    np.random.default_rng().random()
    assert bootstrap_interval(spearman, x, y, seed=1) == first
    assert bootstrap_interval(spearman, x, y, seed=2) != first


def test_interval_covers_a_known_rho() -> None:
    rho = 0.7
    true = 6 / math.pi * math.asin(rho / 2)  # Spearman's ρ of a bivariate normal
    intervals = [bootstrap_interval(spearman, *normal_pair(100, rho, s), resamples=300, seed=s) for s in range(100)]
    covered = sum(i.low <= true <= i.high for i in intervals)
    assert 88 <= covered <= 99
    assert all(i.low < i.value < i.high for i in intervals)


def test_a_higher_level_is_a_wider_interval() -> None:
    x, y = normal_pair(80, 0.5, seed=6)
    narrow, wide = (bootstrap_interval(kendall, x, y, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_bootstrap_arguments_out_of_range() -> None:
    with pytest.raises(ValueError, match="level=1"):
        bootstrap_interval(spearman, [1, 2], [1, 2], level=1)
    with pytest.raises(ValueError, match="resamples=0"):
        bootstrap_interval(spearman, [1, 2], [1, 2], resamples=0)


def test_undefined_resamples_do_not_count() -> None:
    interval = bootstrap_interval(spearman, [1, 1, 1, 1, 2], [1, 1, 1, 1, 2])  # a third misses the only other pair
    assert interval == Estimate(1.0, 1.0, 1.0)


def test_below_five_there_is_no_interval() -> None:
    few = bootstrap_interval(spearman, [1, 2, 3, 4], [1, 2, 3, 4])
    assert few.value == 1.0
    assert math.isnan(few.low)
    assert math.isnan(few.high)
    assert not math.isnan(bootstrap_interval(spearman, [1, 2, 3, 4, 5], [1, 2, 3, 5, 4]).low)


def test_correlate_and_its_json() -> None:
    x, y = normal_pair(40, 0.8, seed=7)
    x[0] = math.nan
    found = correlate(x, y, seed=3)
    assert found.rho == bootstrap_interval(spearman, x, y, seed=3)
    assert found.tau == bootstrap_interval(kendall, x, y, seed=3)
    assert found.top10 == bootstrap_interval(top_retrieval, x, y, seed=3)
    assert (found.n, found.diverged) == (40, 1)
    flat = found.as_dict()
    assert list(flat) == [*(f"{s}{p}" for s in ("rho", "tau", "top10") for p in ("", "_low", "_high")), "n", "diverged"]
    assert json.loads(json.dumps(flat, allow_nan=False)) == flat


def test_undefined_is_null_in_json() -> None:
    nothing = correlate([math.nan, math.nan], [1, 2])
    assert isinstance(nothing, Correlation)
    flat = nothing.as_dict()
    assert (flat["rho"], flat["tau_low"], flat["n"], flat["diverged"]) == (None, None, 2, 2)
    assert set(correlate([], []).as_dict().values()) == {None, 0}


def test_bootstrap_is_fast_enough_for_a_page() -> None:
    """Far above the CPU time that it takes (0.02 s and 0.3 s), far below what a loop over SciPy takes."""
    for n, limit in ((200, 0.5), (2500, 3.0)):
        x, y = normal_pair(n, 0.6, seed=8)
        start = time.process_time()
        bootstrap_interval(spearman, x, y)
        assert time.process_time() - start < limit
