"""Strategies whose candidates say how they were reached: by a mutation, or by a jump over what is not measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from eproxy_engine.search.architecture_search.domain import Domain, Move
from eproxy_engine.search.strategies import Candidate, Strategy
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


def told(strategy: Strategy[Move]) -> Strategy[Architecture]:
    """Yield the architectures of a strategy of moves; each candidate tells whether its move was a jump."""
    try:
        candidates = next(strategy)
        while True:
            fitness = yield [Candidate(each.value.architecture, each.parent, each.value.jumped) for each in candidates]
            candidates = strategy.send(fitness)
    except StopIteration:
        return
