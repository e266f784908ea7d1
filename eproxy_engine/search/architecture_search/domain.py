"""Architectures that an architecture search may try: the measured ones of a space, or all, within constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.search.architecture_search.constraints import Constraints, Size
from eproxy_engine.search.architecture_search.nearest import Measured, measured
from eproxy_engine.spaces import Architecture, SearchSpace

STEP_DRAWS = 300
"""Number of consecutive disallowed mutants before mutants are mutated once more."""
MOST_LISTED = 40_000
"""Number of measured architectures up to which they are listed."""
MOST_DRAWS = 3000
"""Number of disallowed draws, or mutants of one architecture, before the search gives up."""
ENOUGH_DRAWS = 200
"""Number of consecutive mutations without a new neighbour after which all count as found."""


class Move(NamedTuple):
    """A step from an architecture to another one."""

    architecture: Architecture
    jumped: bool = False
    """Whether no mutation was possible, and this is the nearest measured architecture instead."""


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
        """Return where :meth:`move` leads to. Raises UserError."""
        return self.move(value, rng).architecture

    def move(self, value: Architecture, rng: np.random.Generator) -> Move:
        """Mutate until the mutant is allowed; if it hardly ever is, mutate a mutant, a mutant's mutant …

        Among measured architectures, a mutant that is not measured is replaced by the nearest one that is allowed.

        Raises:
            UserError: If no mutant is allowed, nor any other measured architecture.
        """
        for draw in range(MOST_DRAWS):
            mutant = value
            for _ in range(1 + draw // STEP_DRAWS):
                mutant = self.family.mutate(mutant, rng)
            if mutant != value and self._allows(mutant):
                return Move(mutant)
            if self.jumps and str(mutant) not in self.known:
                return self._jump(self._measured.nearest(mutant, value, rng))
        if self.jumps:
            return self._jump(self._measured.nearest(value, value, rng))
        what = "is measured and satisfies the constraints" if self.measured else f"satisfies {self._limits}"
        raise UserError(
            f"none of {MOST_DRAWS:,} mutations of {value} {what}; accepted: a strategy without mutations "
            "(random; proxy-evolution with 0 cycles), the whole space, or wider constraints"
        )

    def neighbours(self, value: Architecture, rng: np.random.Generator) -> Iterator[Architecture]:
        """Yield where :meth:`moves` lead to."""
        return (move.architecture for move in self.moves(value, rng))

    def moves(self, value: Architecture, rng: np.random.Generator) -> Iterator[Move]:
        """Yield moves to all allowed architectures that one mutation leads to, as far as draws find them.

        They come in random order. Among measured architectures, the nearest ones stand in for mutants that are not
        measured, in order of distance. A neighbourhood thus has as many architectures as if all were measured, so that
        a local search knows when it is at a summit.
        """
        drawn, met, misses = {value}, {value}, 0
        around: Iterator[Move] | None = None
        while misses < ENOUGH_DRAWS:
            mutant = self.family.mutate(value, rng)
            if mutant in drawn:
                misses += 1
                continue
            drawn.add(mutant)
            misses = 0
            move: Move | None = Move(mutant) if self._allows(mutant) else None
            if self.jumps and str(mutant) not in self.known:
                around = map(self._jump, self._measured.around(value, rng)) if around is None else around
                move = next((each for each in around if each.architecture not in met), None)
            if move is not None and move.architecture not in met:
                met.add(move.architecture)
                yield move

    @property
    def jumps(self) -> bool:
        """Whether a move can lead to the nearest measured architecture."""
        return self.measured and len(self._texts) > 1

    def _jump(self, text: str) -> Move:
        return Move(self.family.parse(text), jumped=True)

    @cached_property
    def _measured(self) -> Measured:
        return measured(self.space, tuple(self._texts))

    def listed(self) -> list[Architecture] | None:
        """Return all measured architectures within the constraints; None if they are too many."""
        if len(self._texts) > MOST_LISTED:
            return None
        return list(_parsed(self.space, tuple(self._texts)))

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


@lru_cache(maxsize=4)
def _parsed(space: str, texts: tuple[str, ...]) -> tuple[Architecture, ...]:
    """Parse architectures, which every seed of a search lists."""
    return tuple(map(spaces.get(space).parse, texts))


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
