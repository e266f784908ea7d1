"""Architecture searches on real tables, with proxies that cost nothing: what is tried, and what every query counts."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eproxy_engine import spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.scoring import Ensemble
from eproxy_engine.search.architecture_search.constraints import Constraints, Size
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.proxy_fitness import ProxyFitness
from eproxy_engine.search.architecture_search.search import ArchitectureSearch
from eproxy_engine.search.architecture_search.settings import (
    BY_ACCURACY,
    LEARNED,
    STRATEGIES,
    ArchitectureSearchSettings,
)
from eproxy_engine.search.architecture_search.trial import Trial
from eproxy_engine.search.strategies import perceptron
from eproxy_engine.search.strategies.latent import training

SPACE, TASK = "nasbench201", "cifar10"
FLOPS = ProxyFitness(SPACE, TASK, Baseline("flops"), "bundled", 1)
FEW = Constraints(min_flops=155_000_000)
"""Leaves a few dozen architectures."""


@pytest.fixture(autouse=True)
def _small_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some strategies train networks; small ones are soon trained."""
    monkeypatch.setattr(perceptron, "WIDTH", 16)
    monkeypatch.setattr(perceptron, "EPOCHS", 20)


def searched(
    strategy: str,
    seed: int = 1,
    spent: tuple[str, ...] = (),
    proxy: ProxyFitness = FLOPS,
    **settings: Any,
) -> ArchitectureSearch:
    given = ArchitectureSearchSettings(strategy, **settings)
    domain = Domain(proxy.space, proxy.task, given.measured, given.constraints)
    search = ArchitectureSearch(domain, given, seed, proxy if given.needs_proxy else None, spent)
    steps = search.steps()
    assert all(wanted == [] for wanted in iter(lambda: next(steps, None), None))
    return search


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trains the networks of nao and semi-nas as good as not at all: how well they choose is not looked at here."""
    monkeypatch.setattr(training, "STEPS", 2)


def queried(search: ArchitectureSearch) -> list[Trial]:
    return [trial for trial in search.trials if trial.query is not None]


def numbers_of(space: str, text: str) -> Any:
    return spaces.get(space).parse(text)


# --- what a query is ---


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_architecture_is_asked_for_once_and_its_accuracy_is_the_table_s(strategy: str) -> None:
    search = searched(strategy, queries=90, population=10, cycles=100, pool=40, tournament=3)
    asked = queried(search)
    assert [trial.query for trial in asked] == list(range(1, 91))
    assert len({trial.architecture for trial in asked}) == 90
    assert all(trial.accuracy == search.domain.known[trial.architecture] for trial in asked)
    best = np.maximum.accumulate([trial.accuracy for trial in asked])
    rises = [(1, best[0]), *((i + 1, best[i]) for i in range(1, 90) if best[i] > best[i - 1])]
    assert search.improvements == rises


def test_looking_again_costs_nothing() -> None:
    search = searched("evolution", queries=60, population=5, tournament=5)
    again = [trial for trial in search.trials if trial.query is None]
    assert again
    assert all(trial.accuracy == search.asked[trial.architecture] for trial in again)


def test_random_search_needs_half_of_the_space_on_average() -> None:
    """(n + 1) / 2 queries to a single optimum, if every architecture is asked for once, in random order."""
    needed = [
        searched("random", seed, queries=15_625, stop_at_optimum=True, constraints=FEW).queries_to_optimum
        for seed in range(200)
    ]
    domain = Domain(SPACE, TASK, True, FEW)
    n = len(domain.accuracies)
    assert list(domain.accuracies.values()).count(domain.optimum or 0) == 1
    assert n == 40
    standard_error = np.sqrt((n**2 - 1) / 12 / len(needed))
    assert abs(np.mean([each or np.nan for each in needed]) - (n + 1) / 2) < 3.5 * standard_error
    assert min(needed, default=None) == 1
    assert max(needed, default=None) == n


def test_a_space_that_is_used_up_ends_the_search() -> None:
    for strategy in ("random", "local", *LEARNED):
        search = searched(strategy, queries=15_625, constraints=FEW)
        assert set(search.asked) == set(search.domain.accuracies)


@pytest.mark.parametrize("strategy", BY_ACCURACY)
def test_it_stops_with_the_optimum(strategy: str) -> None:
    search = searched(strategy, queries=15_625, stop_at_optimum=True, constraints=FEW, population=5, pool=20)
    assert queried(search)[-1].accuracy == search.domain.optimum == search.improvements[-1][1]
    assert search.queries_to_optimum == len(search.asked)


def test_the_proxy_can_meet_the_optimum_long_before_it_is_asked_for() -> None:
    search = searched("proxy-evolution", queries=15_625, stop_at_optimum=True, population=40, cycles=0, constraints=FEW)
    tried = [trial.architecture for trial in search.trials]
    best = max(search.domain.accuracies, key=lambda text: search.domain.accuracies[text])
    assert search.trials_to_optimum == tried.index(best) + 1
    ranked = [search.trials[place].architecture for place in search.by_score()]
    assert search.queries_to_optimum == ranked.index(best) + 1


def test_without_the_optimum_no_number_of_queries_to_it() -> None:
    search = searched("random", queries=3)
    assert search.queries_to_optimum is None
    assert search.trials_to_optimum is None


# --- what designed the proxy ---


def test_the_architectures_that_designed_the_proxy_are_the_first_queries() -> None:
    domain = Domain(SPACE, TASK, True)
    spent = tuple(list(domain.accuracies)[100:120])
    search = searched("proxy-evolution", spent=spent, queries=60, population=10, cycles=40)
    assert [trial.architecture for trial in queried(search)][:20] == list(spent)
    assert len(search.asked) == 60


def test_what_the_constraints_forbid_counts_as_a_query_and_never_as_found() -> None:
    domain = Domain(SPACE, TASK, True)
    best = max(domain.accuracies, key=lambda text: domain.accuracies[text])
    search = searched("random", spent=(best,), queries=10, constraints=Constraints(max_flops=9_000_000))
    assert search.asked[best] == domain.optimum
    assert search.improvements[0][0] == 2
    assert search.improvements[-1][1] < search.asked[best]


# --- strategies ---


def test_evolution_asks_for_mutants_of_the_fittest_living() -> None:
    search = searched("evolution", queries=80, population=10, tournament=10_00)
    family, living = spaces.get(SPACE), list(range(10))
    for place, trial in enumerate(search.trials[10:], start=10):
        fittest = max(living, key=lambda one: (search.trials[one].accuracy, one))
        assert trial.parent == fittest
        parent = search.trials[fittest].architecture
        changed = [a != b for a, b in zip(_operations(parent), _operations(trial.architecture), strict=True)]
        assert sum(changed) == 1
        assert str(family.parse(trial.architecture)) == trial.architecture
        living = [*living[1:], place]


def _operations(text: str) -> list[str]:
    return [part.split("~")[0] for part in text.replace("+", "").split("|") if part]


def test_local_search_stops_only_where_no_neighbour_is_better() -> None:
    search = searched("local", queries=400)
    starts = [place for place, trial in enumerate(search.trials) if trial.parent is None]
    assert len(starts) > 2
    for start, end in itertools.pairwise(starts):
        climbed = search.trials[start:end]
        summit = max(climbed, key=lambda trial: trial.accuracy or 0)
        around = search.domain.neighbours(numbers_of(SPACE, summit.architecture), np.random.default_rng(0))
        assert max(search.domain.accuracies[str(each)] for each in around) <= (summit.accuracy or 0)


def test_the_proxy_s_best_are_asked_for_best_first() -> None:
    search = searched("proxy-evolution", queries=25, population=10, tournament=3, cycles=90)
    scored = [trial for trial in search.trials if trial.scores]
    assert len(scored) == 100
    assert all(trial.scores == (float(trial.flops),) for trial in scored)
    best = sorted({trial.architecture: trial.flops for trial in scored}.items(), key=lambda pair: -pair[1])
    assert [trial.flops for trial in queried(search)] == [flops for _, flops in best[:25]]


def test_the_neighbours_of_the_best_come_last() -> None:
    search = searched("proxy-evolution", queries=40, neighbours=15, population=10, tournament=3, cycles=60)
    asked = queried(search)
    by_proxy, neighbours = asked[:25], asked[25:]
    best = max(by_proxy, key=lambda trial: trial.accuracy or 0)
    first = neighbours[0]
    assert first.parent is not None
    assert search.trials[first.parent].architecture == best.architecture
    scored = {trial.architecture for trial in search.trials if trial.scores}
    assert {trial.architecture for trial in by_proxy} <= scored


def test_without_queries_the_proxy_alone_decides() -> None:
    search = searched("proxy-evolution", queries=0, population=10, cycles=30)
    assert not search.asked
    assert search.trials[search.by_score()[0]].flops == max(trial.flops for trial in search.trials)


def test_seeded_evolution_begins_with_the_pool_s_best() -> None:
    search = searched("seeded-evolution", queries=30, population=8, tournament=4, pool=50)
    pool = [trial for trial in search.trials if trial.scores]
    assert len({trial.architecture for trial in pool}) == 50
    first = [trial.flops for trial in queried(search)[:8]]
    assert first == sorted((trial.flops for trial in pool), reverse=True)[:8]


def test_an_ensemble_ranks_among_all_that_were_scored() -> None:
    ensemble = Ensemble((FLOPS.proxy, Baseline("parameters")), 0.5)
    proxy = replace(FLOPS, proxy=ensemble)
    search = searched("proxy-evolution", proxy=proxy, queries=5, population=20, cycles=20)
    scored = [search.trials[place] for place in search.scored.values()]
    expected = ensemble.combine(
        np.array([trial.scores for trial in scored], dtype=float).T, np.array([trial.flops for trial in scored], float)
    )
    order = [trial.architecture for _, trial in sorted(zip(-expected, scored, strict=True), key=lambda pair: pair[0])]
    assert [search.trials[place].architecture for place in search.by_score()] == order


def test_what_early_stopping_said_can_be_the_proxy() -> None:
    proxy = replace(FLOPS, proxy=Baseline("early_stopping@12"))
    search = searched("proxy-evolution", proxy=proxy, queries=10, population=20, cycles=100)
    assert (search.improvements[-1][1] - (search.domain.optimum or 0)) > -1.5


# --- jumps ---


def partly_measured(strategy: str, seed: int = 1, **settings: Any) -> ArchitectureSearch:
    """A search of NAS-Bench-201 as if only 300 of its architectures were measured."""
    given = ArchitectureSearchSettings(strategy, **settings)
    domain = Domain(SPACE, TASK, given.measured)
    every = domain.known
    few = {text: every[text] for text in np.random.default_rng(0).choice(sorted(every), 300, replace=False).tolist()}
    domain.__dict__["known"] = domain.__dict__["accuracies"] = few
    search = ArchitectureSearch(domain, given, seed, FLOPS if given.needs_proxy else None)
    assert all(wanted == [] for wanted in search.steps())
    return search


@pytest.mark.parametrize("strategy", ["evolution", "local", "proxy-evolution", "seeded-evolution"])
def test_a_trial_says_that_it_jumped(strategy: str) -> None:
    search = partly_measured(strategy, queries=60, population=10, tournament=3, cycles=60, pool=20, neighbours=10)
    bred = [
        trial
        for trial in search.trials
        if trial.parent is not None and search.trials[trial.parent].architecture != trial.architecture
    ]
    assert not any(trial.jumped for trial in search.trials if trial.parent is None)
    assert sum(trial.jumped for trial in bred) > len(bred) / 2
    for trial in bred:
        assert trial.architecture in search.domain.known
        pair = _operations(search.trials[trial.parent or 0].architecture), _operations(trial.architecture)
        assert trial.jumped or sum(a != b for a, b in zip(*pair, strict=True)) == 1
        assert trial.as_dict().get("jumped", False) == trial.jumped
        assert Trial(**{**trial.as_dict(), "scores": trial.scores}) == trial


def test_evolution_and_local_search_go_through_a_partly_measured_space() -> None:
    for strategy in ("evolution", "local"):
        found = [partly_measured(strategy, seed, queries=60, population=10, tournament=5) for seed in range(4)]
        assert all(len(search.asked) == 60 for search in found)
        best = sorted(found[0].domain.known.values(), reverse=True)
        assert np.mean([search.improvements[-1][1] for search in found]) > best[10]


# --- children in flight ---


def test_children_in_flight_are_bred_from_those_that_are_scored() -> None:
    """Each goes by those that are four or more before it, and lived then."""
    search = searched("proxy-evolution", queries=0, population=6, tournament=3, cycles=80, in_flight=4)
    parents = [trial.parent for trial in search.trials if trial.parent is not None]
    assert len(parents) == 80
    assert set(parents[:4]) <= set(range(6))
    assert {place - parent for place, parent in enumerate(parents[4:], 10)} == set(range(4, 10))
    alone = searched("proxy-evolution", queries=0, population=6, tournament=3, cycles=80)
    assert fingerprint(alone) != fingerprint(search)


def test_in_flight_changes_nothing_where_nothing_is_trained_by_children() -> None:
    for strategy in ("evolution", "seeded-evolution"):
        settings: dict[str, Any] = {"queries": 20, "population": 6, "tournament": 3, "pool": 12}
        several = searched(strategy, in_flight=4, **settings)
        assert fingerprint(several) == fingerprint(searched(strategy, **settings))
        assert several.settings.children_in_flight == 1


# --- determinism ---


def fingerprint(search: ArchitectureSearch) -> str:
    return hashlib.sha256(json.dumps([trial.as_dict() for trial in search.trials]).encode()).hexdigest()[:16]


GOLDEN = {
    "random": "84b58346a63b0934",
    "evolution": "c4f39cd007a241d3",
    "local": "5de5120d82eed6fa",
    "proxy-evolution": "0f9cc212c01f16f5",
    "seeded-evolution": "45f3fdb94e84928c",
    "bayesian": "a71ecc3ee32bb5fc",
    "weaknas": "a3c8805492b7f69b",
    "lanas": "1bd434994adae537",
    "mcts": "1a7aa161e2f1acbe",
}
"""Of strategies that train no network: the last digits of what one predicts depend on the machine."""


@pytest.mark.parametrize("strategy", GOLDEN)
def test_a_seed_is_a_trajectory(strategy: str) -> None:
    settings: dict[str, Any] = {"queries": 30, "population": 8, "tournament": 3, "cycles": 20, "pool": 20}
    first = fingerprint(searched(strategy, seed=7, **settings))
    assert fingerprint(searched(strategy, seed=7, **settings)) == first
    assert fingerprint(searched(strategy, seed=8, **settings)) != first


@pytest.mark.parametrize("strategy", GOLDEN)
def test_trajectories_stay_what_they_were(strategy: str) -> None:
    """What changes them makes published results irreproducible: it has to be meant."""
    small = {
        "population": 6,
        "tournament": 3,
        "cycles": 12,
        "pool": 12,
        "neighbours": 4,
        "panel": "instant",
    }
    search = searched(strategy, 1, queries=20, **small)
    assert fingerprint(search) == GOLDEN[strategy]


# --- where a search may go ---


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_all_that_is_tried_keeps_the_constraints(strategy: str) -> None:
    limits = Constraints(min_parameters=200_000, max_flops=120_000_000, max_depth=2)
    search = searched(strategy, queries=40, population=8, cycles=20, pool=20, constraints=limits)
    family = spaces.get(SPACE)
    for trial in search.trials:
        assert trial.parameters >= 200_000
        assert trial.flops <= 120_000_000
        assert family.depth(family.parse(trial.architecture)) <= 2


def test_the_whole_space_can_be_searched_without_queries() -> None:
    proxy = ProxyFitness("darts", "imagenet", Baseline("parameters"), "bundled", 1)
    search = searched("proxy-evolution", proxy=proxy, measured=False, queries=0, population=5, tournament=2, cycles=20)
    assert all(500e6 <= trial.flops <= 600e6 for trial in search.trials)
    found = search.trials[search.by_score()[0]]
    assert found.parameters == max(trial.parameters for trial in search.trials)


def test_in_the_whole_space_only_measured_ones_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Domain, "size", lambda self, architecture: Size(len(str(architecture)), 1))
    proxy = ProxyFitness("nasbench101", "cifar10-valid", Baseline("parameters"), "bundled", 1)
    search = searched("proxy-evolution", proxy=proxy, measured=False, queries=3, population=60, cycles=0)
    asked = [trial.architecture for trial in queried(search)]
    assert 0 < len(asked) <= 3
    assert set(asked) <= set(search.domain.known)


def test_in_the_whole_space_the_last_queries_go_to_measured_neighbours() -> None:
    proxy = ProxyFitness("nasbench101", "imagenet", Baseline("parameters"), "bundled", 1)
    search = searched(
        "proxy-evolution", proxy=proxy, measured=False, queries=6, neighbours=6, population=10, tournament=2, cycles=10
    )
    asked = queried(search)
    assert len(asked) == 6
    assert any(trial.jumped for trial in asked)
    assert {trial.architecture for trial in asked} <= set(search.domain.known)
