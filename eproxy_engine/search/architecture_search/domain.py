"""Architectures that an architecture search may try: the measured ones of a space, or all, within constraints."""

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
"""Number of consecutive disallowed mutants before mutants are mutated once more."""
MOST_LISTED = 40_000
"""Number of measured architectures up to which they are listed."""
MOST_DRAWS = 3000
"""Number of disallowed draws, or mutants of one architecture, before the search gives up."""
ENOUGH_DRAWS = 200
"""Number of consecutive mutations without a new neighbour after which all count as found."""


@dataclass(frozen=True)
class Domain:
    """A :class:`eproxy_engine.search.strategies.Neighbourhood` of architectures."""

    space: str
    task: str
    measured: bool
    """Whether to try only architectures with a known accuracy, which can be queried."""
    constraints: Constraints = field(default_factory=Constraints)

    @cached_property
    def family(self) -> SearchSpace:
        """The search space."""
        return spaces.get(self.space)

    @cached_property
    def accuracies(self) -> dict[str, float]:
        """Accuracies of all measured architectures within the constraints, by canonical text."""
        return _accuracies(self.space, self.task, self.constraints, self._version)

    @cached_property
    def known(self) -> dict[str, float]:
        """Accuracies of all measured architectures, whatever the constraints, by canonical text."""
        return _accuracies(self.space, self.task, Constraints(), self._version)

    @cached_property
    def optimum(self) -> float | None:
        """Best accuracy within the constraints; None if none is known."""
        return max(self.accuracies.values(), default=None)

    def size(self, architecture: Architecture) -> Size:
        """Return parameters and FLOPs of an architecture."""
        return _size(self.space, str(architecture), self._version)

    def sample(self, rng: np.random.Generator) -> Architecture:
        """Draw uniformly from the measured architectures, or as the space draws.

        Raises:
            UserError: If no architecture is allowed.
        """
        if self.measured:
            if not self._texts:
                raise UserError(
                    f"no measured architecture of {self.family.title} satisfies {self._limits}; accepted: wider limits"
                )
            return self.family.parse(self._texts[int(rng.integers(len(self._texts)))])
        for _ in range(MOST_DRAWS):
            drawn = self.family.sample(rng)
            if self._allows(drawn):
                return drawn
        raise UserError(
            f"none of {MOST_DRAWS:,} random architectures of {self.family.title} satisfies {self._limits}; "
            "accepted: wider limits"
        )

    def mutate(self, value: Architecture, rng: np.random.Generator) -> Architecture:
        """Mutate until the mutant is allowed; if it hardly ever is, mutate a mutant, a mutant's mutant …

        Raises:
            UserError: If no mutant is allowed.
        """
        for draw in range(MOST_DRAWS):
            mutant = value
            for _ in range(1 + draw // STEP_DRAWS):
                mutant = self.family.mutate(mutant, rng)
            if mutant != value and self._allows(mutant):
                return mutant
        what = "is measured and satisfies the constraints" if self.measured else f"satisfies {self._limits}"
        raise UserError(
            f"none of {MOST_DRAWS:,} mutations of {value} {what}; accepted: a strategy without mutations "
            "(random; proxy-evolution with 0 cycles), the whole space, or wider constraints"
        )

    def neighbours(self, value: Architecture, rng: np.random.Generator) -> Iterator[Architecture]:
        """Yield all allowed architectures that one mutation leads to, as far as draws find them, in random order."""
        seen, misses = {value}, 0
        while misses < ENOUGH_DRAWS:
            mutant = self.family.mutate(value, rng)
            misses = misses + 1 if mutant in seen else 0
            if mutant not in seen:
                seen.add(mutant)
                if self._allows(mutant):
                    yield mutant

    def listed(self) -> list[Architecture] | None:
        """Return all measured architectures within the constraints; None if they are too many."""
        return list(map(self.family.parse, self._texts)) if len(self._texts) <= MOST_LISTED else None

    def decisions(self, value: Architecture) -> tuple[str, ...]:
        """Return the choices that make up an architecture; see :meth:`eproxy_engine.spaces.SearchSpace.decisions`."""
        return self.family.decisions(value)

    @cached_property
    def _texts(self) -> list[str]:
        return list(self.accuracies)

    @cached_property
    def _version(self) -> tuple[tuple[str, int], ...]:
        """Version of the table; a search keeps the one it began with."""
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
    """Return the parameters and FLOPs in the table."""
    table = benchmarks.load(space).dropna(subset=["parameters", "flops"])
    counts = zip(table["architecture"], table["parameters"].astype(int), table["flops"].astype(int), strict=True)
    return {text: Size(parameters, flops) for text, parameters, flops in counts}
