"""Strategies that go by measured accuracies alone, each made from the settings of a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.modelled import ModelledDomain
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.strategies import Strategy, bayesian, local_search, random_search, regularized_evolution
from eproxy_engine.spaces import Architecture

Known = Mapping[Architecture, float]
"""Accuracies that are queried before the strategy begins."""
Make = Callable[[Domain, ArchitectureSearchSettings, int, Known], Strategy[Architecture]]


def _random(domain: Domain, given: ArchitectureSearchSettings, seed: int, known: Known) -> Strategy[Architecture]:
    return random_search(domain, None, seed)


def _evolution(domain: Domain, given: ArchitectureSearchSettings, seed: int, known: Known) -> Strategy[Architecture]:
    return regularized_evolution(domain, given.population, given.tournament, None, seed)


def _local(domain: Domain, given: ArchitectureSearchSettings, seed: int, known: Known) -> Strategy[Architecture]:
    return local_search(domain, seed)


def _bayesian(domain: Domain, given: ArchitectureSearchSettings, seed: int, known: Known) -> Strategy[Architecture]:
    modelled = ModelledDomain(domain, given.panel)
    return bayesian(modelled, seed, acquisition=given.acquisition, known=known, **_numbers(given))


def _numbers(given: ArchitectureSearchSettings) -> dict[str, Any]:
    """Return the queries before a model decides, and those at a time, as far as they are set."""
    numbers = {"first": given.first, "batch": given.batch}
    return {name: number for name, number in numbers.items() if number is not None}


ON_ACCURACY: dict[str, Make] = {
    "random": _random,
    "evolution": _evolution,
    "local": _local,
    "bayesian": _bayesian,
}
