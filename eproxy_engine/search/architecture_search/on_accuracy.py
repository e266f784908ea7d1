"""Strategies that go by measured accuracies alone, each made for a search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from eproxy_engine.search.architecture_search.computed import ComputedDomain
from eproxy_engine.search.architecture_search.modelled import ModelledDomain
from eproxy_engine.search.strategies import (
    ModelledStrategy,
    Strategy,
    bayesian,
    local_search,
    random_search,
    regularized_evolution,
)
from eproxy_engine.spaces import Architecture

if TYPE_CHECKING:
    from eproxy_engine.search.architecture_search.search import ArchitectureSearch


def _random(search: ArchitectureSearch) -> Strategy[Architecture]:
    return random_search(search.domain, None, search.seed)


def _evolution(search: ArchitectureSearch) -> Strategy[Architecture]:
    given = search.settings
    return regularized_evolution(search.domain, given.population, given.tournament, None, search.seed)


def _local(search: ArchitectureSearch) -> Strategy[Architecture]:
    return local_search(search.domain, search.seed)


def _bayesian(search: ArchitectureSearch) -> ModelledStrategy[Architecture]:
    domain, given = search.domain, search.settings
    if given.compute:
        computed = ComputedDomain(domain, given.panel, search.images, search.proxy_seed, given.pool)
        return bayesian(computed, search.seed, acquisition=given.acquisition, **_of_a_model(search))
    return bayesian(
        ModelledDomain(domain, given.panel), search.seed, acquisition=given.acquisition, **_of_a_model(search)
    )


def _of_a_model(search: ArchitectureSearch) -> dict[str, Any]:
    """Return what is known, and the numbers of queries before a model decides and at a time, as far as they are set."""
    numbers = {"first": search.settings.first, "batch": search.settings.batch}
    return {"known": search.known, **{name: number for name, number in numbers.items() if number is not None}}


ON_ACCURACY: dict[str, Callable[[ArchitectureSearch], ModelledStrategy[Architecture]]] = {
    "random": _random,
    "evolution": _evolution,
    "local": _local,
    "bayesian": _bayesian,
}
