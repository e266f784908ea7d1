"""What strategies deal in."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

T = TypeVar("T")


class Domain(Protocol[T]):
    """What is searched: a search space of architectures, or one of proxy configurations."""

    def sample(self, rng: np.random.Generator) -> T:
        """A random point."""

    def mutate(self, value: T, rng: np.random.Generator, /) -> T:
        """A neighbour, different from ``value``."""


class Neighbourhood(Domain[T], Protocol[T]):
    """A domain that can list what is near a point."""

    def neighbours(self, value: T, rng: np.random.Generator, /) -> Iterator[T]:
        """Different neighbours in random order."""


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """A point to be judged, and the place in the history of the one it was mutated from."""

    value: T
    parent: int | None = None


Strategy = Generator[list[Candidate[T]], Sequence[float], None]
"""See :mod:`eproxy_engine.search.strategies`."""
