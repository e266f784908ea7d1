"""The points of a domain as rows of tokens, those that have been asked for, and which to ask for next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.search.strategies.candidate import Decided, T
from eproxy_engine.search.strategies.decisions import points

Tokens = NDArray[np.int64]
"""A row for each of n points, a column for each of L choices, shape (n, L)."""
Mask = NDArray[np.bool_]


class Pool(Generic[T]):
    """All points of a domain, or the random ones that stand for them, and the known ones.

    Args:
        domain: The searched set.
        known: Fitness of points that are known beforehand; they count as asked for.
        rng: Draws points.
    """

    def __init__(self, domain: Decided[T], known: Mapping[T, float], rng: np.random.Generator) -> None:
        self.values = list(dict.fromkeys([*known, *points(domain, rng)]))
        self.tokens, self.allowed = coded([domain.decisions(value) for value in self.values])
        self.asked = list(range(len(known)))
        """Places of those with a fitness, in order."""
        self.fitness = list(known.values())
        self._rng = rng
        self._free = np.arange(len(self.values)) >= len(known)
        self._places = {row.tobytes(): place for place, row in enumerate(self.tokens)}

    @property
    def targets(self) -> NDArray[np.float32]:
        """The fitness of those asked for, standardised, shape (n,)."""
        fitness = np.array(self.fitness)
        return ((fitness - fitness.mean()) / (fitness.std() or 1.0)).astype(np.float32)

    def tell(self, places: Sequence[int], fitness: Sequence[float]) -> None:
        """Take in the fitness of points."""
        self.asked += places
        self.fitness += fitness
        self._free[list(places)] = False

    def drawn(self, count: int) -> list[int]:
        """Draw the places of points that have not been asked for, as many as there are."""
        return self._drawn(self._free, count)

    def chosen(self, decoded: Iterable[Tokens], count: int) -> list[int]:
        """Return the places of points that have not been asked for.

        First come those that are decoded, in their order. If they do not suffice, each other row stands for the point
        with the fewest tokens that differ, of those that are left; rows with such a point nearby come first. Where few
        architectures are measured, hardly any row is one of them. If there are too few rows as well, points are drawn.
        """
        free, found, others = self._free.copy(), list[int](), dict[bytes, Tokens]()
        for row in (row for rows in decoded for row in rows):
            if len(found) == count:
                return found
            key = row.tobytes()
            place = self._places.get(key)
            if place is None:
                others.setdefault(key, row)
            elif free[place]:
                free[place] = False
                found.append(place)
        for row in sorted(others.values(), key=lambda row: self._differing(row, free).min(initial=row.size)):
            if len(found) < count and free.any():
                found.append(self._nearest(row, free))
                free[found[-1]] = False
        return found + self._drawn(free, count - len(found))

    def _differing(self, row: Tokens, free: Mask) -> Tokens:
        """Count the tokens that differ from those of each of the points that are left."""
        return (self.tokens[free] != row).sum(axis=1)

    def _nearest(self, row: Tokens, free: Mask) -> int:
        """Return the place of the nearest point that is left; equally near ones are drawn from."""
        differing = self._differing(row, free)
        return int(self._rng.choice(np.flatnonzero(free)[differing == differing.min()]))

    def _drawn(self, free: Mask, count: int) -> list[int]:
        drawn: list[int] = self._rng.permutation(np.flatnonzero(free))[:count].tolist()
        return drawn


def coded(sequences: Sequence[Sequence[str]]) -> tuple[Tokens, Mask]:
    """Number the choices that make up points; shorter sequences end in a choice of their own.

    Returns:
        The tokens, shape (n, L), and which of the V tokens occur at each place, shape (L, V).

    Example:
        >>> tokens, allowed = coded([("b", "a"), ("c", "a"), ("b",)])
        >>> tokens.tolist()
        [[2, 1], [3, 1], [2, 0]]
        >>> allowed.astype(int).tolist()
        [[0, 0, 1, 1], [1, 1, 0, 0]]
    """
    columns = list(zip_longest(*sequences, fillvalue=""))
    numbers = {choice: number for number, choice in enumerate(sorted({choice for each in columns for choice in each}))}
    tokens = np.array([[numbers[choice] for choice in column] for column in columns], dtype=np.int64).T
    return np.ascontiguousarray(tokens), np.array([[token in row for token in numbers.values()] for row in tokens.T])
