"""Types of the strategies: domains and candidates."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

T = TypeVar("T")


class Domain(Protocol[T]):
    """A searched set: a search space of architectures, or one of proxy configurations."""

    def sample(self, rng: np.random.Generator) -> T:
        """Draw a random point."""

    def mutate(self, value: T, rng: np.random.Generator, /) -> T:
        """Draw a neighbour that differs from ``value``."""


class Neighbourhood(Domain[T], Protocol[T]):
    """A domain that can list the neighbours of a point."""

    def neighbours(self, value: T, rng: np.random.Generator, /) -> Iterator[T]:
        """Yield different neighbours in random order."""


class Decided(Domain[T], Protocol[T]):
    """A domain whose points are made up of choices."""

    def listed(self) -> Sequence[T] | None:
        """List all points; None if they are too many."""

    def decisions(self, value: T, /) -> tuple[str, ...]:
        """Return the choices that make up a point, in order; no two points have the same."""


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """A point to judge, and the index of its parent in the history, if it is a mutant."""

    value: T
    parent: int | None = None
    jumped: bool = False
    """Whether it stands in for a mutant that cannot be judged."""


@dataclass(frozen=True)
class Needed:
    """Evaluations without which a strategy cannot go on, and what takes their outcomes, by key."""

    evaluations: list[Any]
    take: Callable[[Mapping[str, Any]], None]


Strategy = Generator[list[Candidate[T]], Sequence[float], None]
"""See :mod:`eproxy_engine.search.strategies`."""
ModelledStrategy = Generator[list[Candidate[T]] | Needed, Sequence[float], None]
"""A strategy whose model weighs scores that it may need to have computed."""
