"""Racing: the bound is exact and never too low, and cutting configurations short never costs a good one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from eproxy_engine import spaces
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.search.proxy_search.racing import attainable_rho, extremes_first
from eproxy_engine.search.proxy_search.search import Dps, Problem, Trial
from eproxy_engine.statistics import spearman
from tests.runs.conftest import made_up, proxy_search_settings, proxy_search_specification, searched, tiny_space

__all__ = ["tiny_space"]
Floats = NDArray[np.float64]
CLOSE = 1e-9


def orders(score: Floats, others: int) -> Floats:
    """Every ranking, shape (some, n), of the evaluated ones and so many others that keeps the former in order of
    ``score``; of equal scores in any order."""
    n = len(score) + others
    every = np.array(list(permutations(range(n))), dtype=float)
    kept = np.ones(len(every), dtype=bool)
    for one in range(len(score)):
        for other in range(len(score)):
            if score[one] < score[other]:
                kept &= every[:, one] < every[:, other]
    return every[kept]


def best_rho(score: Floats, accuracy: Floats, rest: Floats) -> float:
    """By trying all of them."""
    everything = np.concatenate([accuracy, rest])
    if np.unique(everything).size < 2:
        return -1.0
    ranks = stats.rankdata(everything)
    rankings = orders(score, len(rest))
    ranks = (ranks - ranks.mean()) / ranks.std()
    centred = (rankings - rankings.mean(axis=1, keepdims=True)) / rankings.std(axis=1, keepdims=True)
    return float((centred @ ranks).max() / len(everything))


# --- the bound ---


@pytest.mark.parametrize("n", range(2, 8))
def test_the_bound_is_exact_where_nothing_ties(n: int) -> None:
    rng = np.random.default_rng(n)
    seen = set()
    for known in range(n + 1):
        for _ in range(3):
            accuracy = rng.permutation(n).astype(float) ** 2
            score = rng.normal(size=known)
            bound = attainable_rho(score, accuracy[:known], accuracy[known:])
            assert bound == pytest.approx(best_rho(score, accuracy[:known], accuracy[known:]), abs=CLOSE)
            seen.add(round(bound, 6))
    assert len(seen) > min(n, 4) - 1


def test_the_bound_of_all_is_their_rho() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        score, accuracy = rng.normal(size=12), rng.normal(size=12)
        assert attainable_rho(score, accuracy, np.array([])) == pytest.approx(
            stats.spearmanr(score, accuracy).statistic
        )


def test_the_bound_of_none_is_one() -> None:
    assert attainable_rho(np.array([]), np.array([]), np.array([3.0, 1.0, 2.0])) == pytest.approx(1.0)


def test_the_bound_by_hand() -> None:
    """Accuracies 1 to 4, and the 4 scored below the 1: from the lowest score on, 2 4 1 3 is as good as it gets, with
    Σd² = 1 + 4 + 4 + 1."""
    bound = attainable_rho(np.array([0.0, 1.0]), np.array([4.0, 1.0]), np.array([2.0, 3.0]))
    assert bound == pytest.approx(1 - 6 * 10 / (4 * 15))
    assert attainable_rho(np.array([0.0, 1.0]), np.array([1.0, 4.0]), np.array([2.0, 3.0])) == pytest.approx(1.0)
    assert attainable_rho(np.array([1.0, 0.0]), np.array([1.0, 2.0]), np.array([])) == pytest.approx(-1.0)


@pytest.mark.parametrize("n", range(3, 8))
def test_the_bound_is_not_too_low_where_scores_tie(n: int) -> None:
    """Diverged ones, for example."""
    rng = np.random.default_rng(n)
    for known in range(2, n + 1):
        accuracy = rng.permutation(n).astype(float)
        score = np.where(rng.random(known) < 0.5, -math.inf, rng.integers(0, 3, known))
        bound = attainable_rho(score, accuracy[:known], accuracy[known:])
        assert bound >= best_rho(score, accuracy[:known], accuracy[known:]) - CLOSE


@pytest.mark.parametrize("n", range(3, 8))
def test_the_bound_is_not_too_low_where_accuracies_tie(n: int) -> None:
    rng = np.random.default_rng(n)
    for known in range(1, n + 1):
        accuracy = rng.integers(0, 3, n).astype(float)
        score = rng.normal(size=known)
        bound = attainable_rho(score, accuracy[:known], accuracy[known:])
        assert bound >= best_rho(score, accuracy[:known], accuracy[known:]) - CLOSE


def some(values: list[float]) -> st.SearchStrategy[list[float]]:
    return st.lists(st.sampled_from(values), min_size=2, max_size=12)


def assert_not_too_low(score: list[float], accuracy: list[float], known: int) -> None:
    """However the rest is scored, ties included."""
    rho = spearman(score, accuracy)
    if math.isfinite(rho):
        seen, rest = np.array(accuracy[:known]), np.array(accuracy[known:])
        assert attainable_rho(np.array(score[:known]), seen, rest) >= rho - CLOSE


@given(score=some([-math.inf, 0.0, 1.0, 2.0, 3.0]), seed=st.integers(0, 1000), data=st.data())
def test_no_completion_exceeds_the_bound(score: list[float], seed: int, data: st.DataObject) -> None:
    accuracy = np.random.default_rng(seed).permutation(len(score)).astype(float).tolist()
    assert_not_too_low(score, accuracy, data.draw(st.integers(0, len(score))))


@given(rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12), data=st.data())
def test_no_completion_exceeds_the_bound_where_accuracies_tie(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    score, accuracy = [float(row[0]) for row in rows], [float(row[1]) for row in rows]
    assert_not_too_low(score, accuracy, data.draw(st.integers(0, len(rows))))


# --- the order of evaluation ---


@pytest.mark.parametrize(
    ("accuracy", "order"),
    [
        ([5.0], [0]),
        ([5.0, 3.0], [1, 0]),
        ([30.0, 10.0, 20.0], [1, 0, 2]),
        ([0.4, 0.1, 0.5, 0.2, 0.3], [1, 2, 3, 0, 4]),
        ([1.0, 1.0, 1.0, 1.0], [0, 3, 1, 2]),
    ],
)
def test_extremes_first_by_hand(accuracy: list[float], order: list[int]) -> None:
    """The worst, the best, the second worst, the second best …"""
    assert extremes_first(np.array(accuracy)).tolist() == order


@given(accuracy=st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_extremes_first_has_each_once_and_what_is_left_lies_between(accuracy: list[float]) -> None:
    order = extremes_first(np.array(accuracy)).tolist()
    assert sorted(order) == list(range(len(accuracy)))
    for place, one in enumerate(order):
        later = [accuracy[other] for other in order[place + 1 :]]
        below, above = accuracy[one] <= min(later, default=math.inf), accuracy[one] >= max(later, default=-math.inf)
        assert above if place % 2 else below


# --- a raced search ---

RACED = {"population": 10, "tournament": 3, "cycles": 60, "racing": True}


def related_to_accuracy(problem: Problem) -> Callable[[Evaluation], Outcome]:
    """Losses that fall with the accuracy, more or less so, as the configuration says."""
    family = spaces.get(problem.space)
    representatives = [str(family.equivalent(family.parse(one))) for one in problem.architectures]
    accuracy = dict(zip(representatives, problem.accuracy, strict=True))

    def outcome(evaluation: Evaluation) -> Outcome:
        noise = int(evaluation.configuration.digest(), 16) % 1000 / 100
        shift = np.random.default_rng(int(evaluation.key, 16) % 2**32).normal()
        loss = 100.0 - accuracy[evaluation.architecture] + noise * float(shift)
        row = (loss,) + (0.0,) * (len(evaluation.configuration.branches) - 1)
        return Outcome((row, row), 0.1)

    return outcome


@pytest.fixture
def problem(tiny_space: None) -> Problem:
    found = proxy_search_specification(10).problem()
    assert len(set(found.accuracy)) == len(set(found.architectures)) == 10
    return found


def full_rho(problem: Problem, trial: Trial, seeds: int) -> float:
    """Had it been evaluated on all architectures."""
    rhos = []
    for seed in range(problem.seed, problem.seed + seeds):
        evaluations = [
            Evaluation.of(problem.space, architecture, trial.configuration, problem.images, seed)
            for architecture in problem.architectures
        ]
        scores = [
            made_up(evaluation).score(trial.configuration, norm)
            for evaluation, norm in zip(evaluations, problem.flops_norm, strict=True)
        ]
        rhos.append(stats.spearmanr(scores, problem.accuracy).statistic)
    return float(np.mean(rhos))


def with_medians(dps: Dps, population: int) -> Iterator[tuple[Trial, float]]:
    """Each trial after the first population, and the median ρ of those that lived when it was made."""
    for place in range(population, len(dps.trials)):
        yield dps.trials[place], float(np.median([t.rho for t in dps.trials[place - population : place]]))


@pytest.mark.parametrize("seeds", [1, 2])
def test_only_what_cannot_reach_the_median_is_cut_short(problem: Problem, seeds: int) -> None:
    dps, _ = searched(problem, proxy_search_settings(**RACED, seeds=seeds))
    cut = 0
    for trial, median in with_medians(dps, RACED["population"]):
        rho = full_rho(problem, trial, seeds)
        if trial.scores:
            assert trial.rho == pytest.approx(rho)
            assert trial.evaluated == len(trial.scores) == 10
        else:
            cut += 1
            assert rho <= trial.rho + CLOSE < median + CLOSE
            assert 2 <= trial.evaluated < 10
            assert trial.evaluated % 2 == 0
    assert 10 < cut < 60
    assert all(trial.scores for trial in dps.trials[: RACED["population"]])


def after_population(asked: list[list[Evaluation]]) -> tuple[list[list[Evaluation]], set[str]]:
    """The steps after those of the first population, which is never cut short; and the keys in the latter."""
    steps, population = list(asked), list[Evaluation]()
    while len(population) < RACED["population"] * 10:
        population += steps.pop(0)
    assert len(population) == RACED["population"] * 10
    return steps, {evaluation.key for evaluation in population}


def test_those_that_are_cut_short_are_not_evaluated_further(problem: Problem) -> None:
    dps, asked = searched(problem, proxy_search_settings(**RACED))
    steps = iter(after_population(asked)[0])
    for trial in dps.trials[RACED["population"] :]:
        evaluations = [evaluation for _ in range(0, trial.evaluated, 2) for evaluation in next(steps)]
        assert len(evaluations) == trial.evaluated
        order = [problem.architectures[place] for place in extremes_first(np.array(problem.accuracy))]
        wanted = [
            Evaluation.of(problem.space, one, trial.configuration, problem.images, problem.seed)
            for one in order[: trial.evaluated]
        ]
        assert evaluations == wanted
    assert next(steps, None) is None


def test_a_raced_search_costs_less_and_finds_as_good_a_one(problem: Problem) -> None:
    """With losses that have to do with the accuracy."""
    outcome = related_to_accuracy(problem)
    plain, all_asked = searched(problem, proxy_search_settings(**RACED | {"racing": False}), outcome)
    raced, asked = searched(problem, proxy_search_settings(**RACED), outcome)
    costs = [sum(map(len, steps)) for steps in (all_asked, asked)]
    assert costs[0] == 70 * 10
    assert costs[1] < 0.9 * costs[0]
    assert costs[1] == sum(trial.evaluated for trial in raced.trials)
    best = [max(trial.rho for trial in dps.trials if trial.scores) for dps in (plain, raced)]
    assert best[1] > 0.8
    assert best[1] > best[0] - 0.1


def test_diverged_ones_are_counted_and_cut_short_like_others(problem: Problem) -> None:
    def outcome(evaluation: Evaluation) -> Outcome:
        return made_up(evaluation, diverged=int(evaluation.key, 16) % 3 == 0)

    dps, _ = searched(problem, proxy_search_settings(**RACED), outcome)
    cut = [trial for trial in dps.trials if not trial.scores]
    assert cut
    assert all(trial.diverged <= trial.evaluated for trial in dps.trials)
    assert any(trial.diverged for trial in cut)
    assert [trial.diverged for trial in dps.trials if trial.scores] == [
        trial.scores.count(None) for trial in dps.trials if trial.scores
    ]


def test_a_raced_search_of_nothing_but_diverged_ones_ends(problem: Problem) -> None:
    dps, _ = searched(problem, proxy_search_settings(**RACED), lambda evaluation: made_up(evaluation, diverged=True))
    assert len(dps.trials) == 70
    assert {trial.rho for trial in dps.trials if trial.scores} == {-1.0}


def test_a_trial_that_was_trained_is_not_said_to_be_reused(problem: Problem) -> None:
    """An earlier one of the same training part may have been cut short where this one goes on."""
    settings = proxy_search_settings(**RACED | {"tournament": 1, "cycles": 150, "mutation_rate": 0.05})
    dps, asked = searched(problem, settings)
    steps, seen = after_population(asked)
    reused = 0
    for trial in dps.trials[RACED["population"] :]:
        keys = {evaluation.key for _ in range(0, trial.evaluated, 2) for evaluation in steps.pop(0)}
        assert trial.reused == (keys <= seen)
        reused += trial.reused
        seen |= keys
    assert reused
