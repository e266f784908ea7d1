"""Strategies whose candidates say how they were reached: by a mutation, or by a jump over what is not measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eproxy_engine.search.architecture_search.domain import Domain, Move
from eproxy_engine.search.strategies import Candidate, Strategy, local_search, regularized_evolution
from eproxy_engine.spaces import Architecture


@dataclass(frozen=True)
class Moves:
    """A :class:`eproxy_engine.search.strategies.Neighbourhood` of moves: architectures with how they were reached."""

    domain: Domain

    def sample(self, rng: np.random.Generator) -> Move:
        """See :meth:`Domain.sample`."""
        return Move(self.domain.sample(rng))

    def mutate(self, value: Move, rng: np.random.Generator) -> Move:
        """See :meth:`Domain.move`."""
        return self.domain.move(value.architecture, rng)

    def neighbours(self, value: Move, rng: np.random.Generator) -> Iterator[Move]:
        """See :meth:`Domain.moves`."""
        return self.domain.moves(value.architecture, rng)


def evolution_of_moves(
    domain: Domain, population: int, tournament: int, cycles: int | None, seed: int, first: Sequence[Architecture] = ()
) -> Strategy[Architecture]:
    """See :func:`regularized_evolution`."""
    moves = list(map(Move, first))
    return _told(regularized_evolution(Moves(domain), population, tournament, cycles, seed, moves))


def local_search_of_moves(domain: Domain, seed: int, starts: Iterable[Architecture] = ()) -> Strategy[Architecture]:
    """See :func:`local_search`."""
    return _told(local_search(Moves(domain), seed, map(Move, starts)))


def _told(strategy: Strategy[Move]) -> Strategy[Architecture]:
    """Yield the architectures of a strategy of moves; each candidate tells whether its move was a jump."""
    try:
        candidates = next(strategy)
        while True:
            fitness = yield [Candidate(each.value.architecture, each.parent, each.value.jumped) for each in candidates]
            candidates = strategy.send(fitness)
    except StopIteration:
        return
