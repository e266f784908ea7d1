"""Bayesian search on real tables, by scores that ship or by what needs no network."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine.learning.panels import shipped
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.modelled import ModelledDomain
from eproxy_engine.search.architecture_search.search import ArchitectureSearch
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

SPACE, TASK = "nasbench201", "cifar10"


def some(count: int, task: str = TASK) -> Domain:
    """A domain of so many of the architectures whose scores ship."""
    ships, domain = shipped(SPACE), Domain(SPACE, task, True)
    assert ships is not None
    there = sorted(set(ships.table.index) & set(domain.accuracies))
    drawn = np.random.default_rng(0).choice(there, count, replace=False).tolist()
    few = Domain(SPACE, task, True)
    few.__dict__["accuracies"] = {text: domain.accuracies[text] for text in drawn}
    return few


def searched(domain: Domain, seed: int = 1, spent: tuple[str, ...] = (), queries: int = 200) -> ArchitectureSearch:
    given = ArchitectureSearchSettings("bayesian", queries, stop_at_optimum=True, constraints=domain.constraints)
    search = ArchitectureSearch(domain, given, seed, spent=spent)
    assert all(wanted == [] for wanted in search.steps())
    return search


@pytest.mark.parametrize("task", ["cifar10", "cifar100"])
def test_it_finds_the_best_of_two_hundred_in_a_fifth_of_the_queries_of_chance(task: str) -> None:
    domain = some(200, task)
    needed = [searched(domain, seed).queries_to_optimum for seed in range(1, 6)]
    assert np.mean([each or np.nan for each in needed]) < 20


def test_scores_count_where_they_ship_for_all() -> None:
    domain = some(50)
    every = domain.accuracies
    values = list(map(domain.family.parse, every))
    names = ModelledDomain(domain, "quick").candidates(values).score_names
    assert {"az_expressivity", "meco", "flops"} <= set(names)
    instant = ModelledDomain(domain, "instant").candidates(values)
    assert set(instant.score_names) == {"parameters", "flops"}
    assert not instant.prior.any()
    assert not instant.taught.any()


def test_without_shipped_scores_size_and_descriptors_do() -> None:
    domain = Domain("darts-cifar10-1000", "cifar10", True, Constraints(max_parameters=2_800_000))
    assert shipped(domain.space) is None
    search = searched(domain, queries=8)
    assert len(search.asked) == 8
    assert set(search.asked) <= set(domain.accuracies)


def test_equal_networks_are_not_asked_twice() -> None:
    domain = Domain(SPACE, TASK, True, Constraints(max_flops=9_000_000))
    modelled = ModelledDomain(domain, "instant")
    search = searched(domain, queries=60)
    networks = [modelled.network(domain.family.parse(text)) for text in search.asked]
    assert len(networks) == len(set(networks))


def test_what_designed_a_proxy_is_known_to_the_model() -> None:
    domain = some(60)
    worst = tuple(sorted(domain.accuracies, key=domain.accuracies.__getitem__)[:10])
    search = searched(domain, spent=worst)
    assert list(search.asked)[:10] == list(worst)
    assert all(trial.query is not None for trial in search.trials)
    assert search.queries_to_optimum is not None
