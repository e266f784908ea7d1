"""A made-up domain of choices, small enough to be listed, and how a strategy searches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from eproxy_engine.search.strategies import Strategy

Point = str
PLACES, CHOICES = 6, "abc"
POINTS = ["".join(choices) for choices in product(CHOICES, repeat=PLACES)]
"""729 words."""


@dataclass(frozen=True)
class Words:
    """Points are words; their letters are the choices."""

    words: tuple[Point, ...] = tuple(POINTS)
    can_be_listed: bool = True

    def listed(self) -> list[Point] | None:
        return list(self.words) if self.can_be_listed else None

    def decisions(self, value: Point) -> tuple[str, ...]:
        return tuple(value)

    def sample(self, rng: np.random.Generator) -> Point:
        return self.words[int(rng.integers(len(self.words)))]

    def mutate(self, value: Point, rng: np.random.Generator) -> Point:
        raise AssertionError("it does not mutate")


def fitness_of(word: Point) -> float:
    """A sum over the letters, c best, and 3 for each pair of equal neighbours. One word is best: all c."""
    values = {"a": 0, "b": 4, "c": 5}
    return float(sum(values[letter] for letter in word) + 3 * sum(map(str.__eq__, word, word[1:])))


BEST = max(POINTS, key=fitness_of)


def searched(
    strategy: Strategy[Point],
    queries: int = 10_000,
    fitness: Callable[[Point], float] = fitness_of,
    end: Point | None = None,
) -> list[Point]:
    """What it asks for, in order, until it ends, or so many or the ``end`` are asked for."""
    asked, told = list[Point](), list[float]()
    try:
        coming = next(strategy)
        while len(asked) < queries and end not in asked:
            asked += [each.value for each in coming]
            told += [fitness(each.value) for each in coming]
            coming = strategy.send(told)
    except StopIteration:
        pass
    return asked[:queries]


def queries_to_best(make: Callable[[int], Strategy[Point]], seeds: int) -> float:
    """The mean number of queries until the best is asked for."""
    return float(np.mean([searched(make(seed), end=BEST).index(BEST) + 1 for seed in range(seeds)]))


def spent(count: int) -> Mapping[Point, float]:
    """The fitness of the first points, known beforehand."""
    return {word: fitness_of(word) for word in POINTS[:count]}
