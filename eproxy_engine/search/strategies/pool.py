"""Points that a searcher chooses from, and the fitness of those that it has asked for."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.search.strategies.candidate import Candidate, Decided, T
from eproxy_engine.search.strategies.decisions import points

Places = NDArray[np.intp]
Asking = Generator[list[Candidate[T]], Sequence[float], None]


class Pool(Generic[T]):
    """All points of a domain, or random ones that stand for it, by place; those ``known`` beforehand come first."""

    def __init__(self, domain: Decided[T], known: Mapping[T, float], rng: np.random.Generator) -> None:
        self.values: list[T] = list(dict.fromkeys([*known, *points(domain, rng)]))
        self.decisions: list[tuple[str, ...]] = [domain.decisions(value) for value in self.values]
        self.asked: list[int] = list(range(len(known)))
        """Places of the points whose fitness is known, in the order of their coming."""
        self._fitness: list[float] = list(known.values())
        self._free = np.ones(len(self.values), dtype=bool)
        self._free[self.asked] = False

    @property
    def fitness(self) -> NDArray[np.float64]:
        """Fitness of the points in ``asked``."""
        return np.array(self._fitness)

    @property
    def scaled(self) -> NDArray[np.float64]:
        """The same, from 0 (the worst) to 1 (the best); 0 if all are equal."""
        fitness = self.fitness
        low, span = fitness.min(), np.ptp(fitness)
        return (fitness - low) / span if span else np.zeros_like(fitness)

    @property
    def free(self) -> Places:
        """Places of the points that nobody asked for."""
        return np.flatnonzero(self._free)

    def ask_first(self, count: int, rng: np.random.Generator) -> Asking[T]:
        """Yield random points, so that with the known ones ``count`` are known."""
        missing = min(count, len(self.values)) - len(self.asked)
        if missing > 0:
            yield from self.ask(rng.choice(self.free, missing, replace=False))

    def ask(self, places: Places) -> Asking[T]:
        """Yield points and take in their fitness."""
        self.asked += places.tolist()
        self._free[places] = False
        fitness = yield [Candidate(self.values[place]) for place in places]
        self._fitness += fitness[len(fitness) - len(places) :]
