"""Where an architecture search may go: the measured architectures of a space, or all of them, within constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.search.architecture_search.constraints import Constraints, Size
from eproxy_engine.spaces import Architecture, SearchSpace

STEP_DRAWS = 300
"""Mutations that all miss what is allowed, before a step further is taken."""
MOST_DRAWS = 3000
"""Draws, or mutations of one architecture, that all miss what is allowed, before the search gives up."""
ENOUGH_DRAWS = 200
"""Mutations in a row that bring no new neighbour, before all of them count as found."""


@dataclass(frozen=True)
class Domain:
    """A :class:`eproxy_engine.search.strategies.Neighbourhood` of architectures."""

    space: str
    task: str
    measured: bool
    """Whether only architectures with a known accuracy are tried: those that can be queried."""
    constraints: Constraints = field(default_factory=Constraints)

    @cached_property
    def family(self) -> SearchSpace:
        """The search space."""
        return spaces.get(self.space)

    @cached_property
    def accuracies(self) -> dict[str, float]:
        """By canonical text, of all measured architectures that keep the constraints; what queries are answered by."""
        return _accuracies(self.space, self.task, self.constraints, self._version)

    @cached_property
    def known(self) -> dict[str, float]:
        """Likewise, of all measured architectures, whatever the constraints."""
        return _accuracies(self.space, self.task, Constraints(), self._version)

    @cached_property
    def optimum(self) -> float | None:
        """The best accuracy that keeps the constraints; None where none is known."""
        return max(self.accuracies.values(), default=None)

    def size(self, architecture: Architecture) -> Size:
        """Parameters and FLOPs."""
        return _size(self.space, str(architecture), self._version)

    def sample(self, rng: np.random.Generator) -> Architecture:
        """Uniform over the measured ones, or as the space draws. Raises UserError where nothing is allowed."""
        if self.measured:
            if not self._texts:
                raise UserError(
                    f"no measured architecture of {self.family.title} keeps {self._limits}; accepted: other ones"
                )
            return self.family.parse(self._texts[int(rng.integers(len(self._texts)))])
        for _ in range(MOST_DRAWS):
            drawn = self.family.sample(rng)
            if self._allows(drawn):
                return drawn
        raise UserError(
            f"none of {MOST_DRAWS:,} random architectures of {self.family.title} keeps {self._limits}; "
            "accepted: other ones"
        )

    def mutate(self, value: Architecture, rng: np.random.Generator) -> Architecture:
        """The space's mutation, until it is allowed; where it hardly ever is, of a mutant, of a mutant's mutant …

        Raises UserError where that never happens.
        """
        for draw in range(MOST_DRAWS):
            mutant = value
            for _ in range(1 + draw // STEP_DRAWS):
                mutant = self.family.mutate(mutant, rng)
            if mutant != value and self._allows(mutant):
                return mutant
        what = "are measured and keep the constraints" if self.measured else f"keep {self._limits}"
        raise UserError(
            f"of {MOST_DRAWS:,} mutations of {value} none {what}; accepted: a strategy without mutations "
            "(random; proxy-evolution with 0 cycles), the whole space, or wider constraints"
        )

    def neighbours(self, value: Architecture, rng: np.random.Generator) -> Iterator[Architecture]:
        """All that one mutation leads to, as far as drawing them finds them, in random order."""
        seen, misses = {value}, 0
        while misses < ENOUGH_DRAWS:
            mutant = self.family.mutate(value, rng)
            misses = misses + 1 if mutant in seen else 0
            if mutant not in seen:
                seen.add(mutant)
                if self._allows(mutant):
                    yield mutant

    @cached_property
    def _texts(self) -> list[str]:
        return list(self.accuracies)

    @cached_property
    def _version(self) -> tuple[tuple[str, int], ...]:
        """Of the table: a search goes by what it was at its beginning."""
        return benchmarks.version(self.space)

    @property
    def _limits(self) -> str:
        return str(self.constraints) or "its limits"

    def _allows(self, architecture: Architecture) -> bool:
        if self.measured:
            return str(architecture) in self.accuracies
        return _keeps(self.constraints, self.space, str(architecture), self._version)


@lru_cache(maxsize=32)
def _accuracies(
    space: str, task: str, constraints: Constraints, version: tuple[tuple[str, int], ...]
) -> dict[str, float]:
    known = benchmarks.known(space, task)
    accuracies = dict(zip(known["architecture"], known["accuracy"].astype(float), strict=True))
    if not constraints.bound:
        return accuracies
    return {text: value for text, value in accuracies.items() if _keeps(constraints, space, text, version)}


def _keeps(constraints: Constraints, space: str, text: str, version: tuple[tuple[str, int], ...]) -> bool:
    size = _size(space, text, version) if set(constraints.bound) - {"depth"} else Size(0, 0)
    family = spaces.get(space)
    return all(
        constraints.allow(what, family.depth(family.parse(text)) if what == "depth" else getattr(size, what))
        for what in constraints.bound
    )


@lru_cache(maxsize=100_000)
def _size(space: str, text: str, version: tuple[tuple[str, int], ...]) -> Size:
    counted = _counted(space, version).get(text)
    if counted is not None:
        return counted
    family = spaces.get(space)
    counts = family.counts(family.parse(text))
    return Size(counts.parameters, counts.flops)


@lru_cache(maxsize=32)
def _counted(space: str, version: tuple[tuple[str, int], ...]) -> dict[str, Size]:
    """Parameters and FLOPs that the table has."""
    table = benchmarks.load(space).dropna(subset=["parameters", "flops"])
    counts = zip(table["architecture"], table["parameters"].astype(int), table["flops"].astype(int), strict=True)
    return {text: Size(parameters, flops) for text, parameters, flops in counts}
