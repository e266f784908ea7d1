"""Strategies that go by measured accuracies alone, each made for a search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from eproxy_engine.search.architecture_search.computed import ComputedDomain
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.modelled import ModelledDomain
from eproxy_engine.search.architecture_search.moves import evolution_of_moves, local_search_of_moves
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.strategies import (
    ModelledStrategy,
    Strategy,
    bayesian,
    lanas,
    mcts,
    nao,
    random_search,
    semi_nas,
    weaknas,
)
from eproxy_engine.search.strategies.latent.search import in_proportion
from eproxy_engine.spaces import Architecture


class Search(Protocol):
    """What a strategy has to know of the search under way."""

    domain: Domain
    settings: ArchitectureSearchSettings
    seed: int
    images: str
    proxy_seed: int

    @property
    def known(self) -> dict[Architecture, float]:
        """Accuracies of the queried architectures."""


def _random(search: Search) -> Strategy[Architecture]:
    return random_search(search.domain, None, search.seed)


def _evolution(search: Search) -> Strategy[Architecture]:
    given = search.settings
    return evolution_of_moves(search.domain, given.population, given.tournament, None, search.seed)


def _local(search: Search) -> Strategy[Architecture]:
    return local_search_of_moves(search.domain, search.seed)


def _bayesian(search: Search) -> ModelledStrategy[Architecture]:
    domain, given = search.domain, search.settings
    if given.compute:
        computed = ComputedDomain(domain, given.panel, search.images, search.proxy_seed, given.pool)
        return bayesian(computed, search.seed, acquisition=given.acquisition, **_of_a_model(search))
    return bayesian(
        ModelledDomain(domain, given.panel), search.seed, acquisition=given.acquisition, **_of_a_model(search)
    )


def _weaknas(search: Search) -> Strategy[Architecture]:
    return weaknas(search.domain, search.seed, **_of_a_model(search))


def _lanas(search: Search) -> Strategy[Architecture]:
    return lanas(search.domain, search.seed, **_of_a_model(search))


def _mcts(search: Search) -> Strategy[Architecture]:
    return mcts(search.domain, search.seed, search.known)


def _nao(search: Search) -> Strategy[Architecture]:
    return nao(search.domain, search.seed, **(in_proportion(search.settings.queries) | _of_a_model(search)))


def _semi_nas(search: Search) -> Strategy[Architecture]:
    return semi_nas(search.domain, search.seed, **(in_proportion(search.settings.queries) | _of_a_model(search)))


def _of_a_model(search: Search) -> dict[str, Any]:
    """Return what is known, and the numbers of queries before a model decides and at a time, as far as they are set."""
    numbers = {"first": search.settings.first, "batch": search.settings.batch}
    return {"known": search.known, **{name: number for name, number in numbers.items() if number is not None}}


ON_ACCURACY: dict[str, Callable[[Search], ModelledStrategy[Architecture]]] = {
    "random": _random,
    "evolution": _evolution,
    "local": _local,
    "bayesian": _bayesian,
    "weaknas": _weaknas,
    "lanas": _lanas,
    "mcts": _mcts,
    "nao": _nao,
    "semi-nas": _semi_nas,
}
