"""Regularized evolution (Real et al. 2019, Regularized Evolution for Image Classifier Architecture Search, Alg. 1)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import count

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Domain, Strategy, T


def regularized_evolution(
    domain: Domain[T],
    population: int,
    tournament: int,
    cycles: int | None,
    seed: int,
    first: Sequence[T] | None = None,
) -> Strategy[T]:
    """``population`` random candidates, or ``first`` instead, then ``cycles`` children, one after the other.

    The parent of each is the fittest of ``tournament`` draws, with replacement, from the living; the oldest dies.
    Of equally fit ones, the youngest is taken. ``cycles`` of None: without end. A.6: population 40, tournament 10,
    200 cycles.
    """
    rng = np.random.default_rng(seed)
    values = list(first) if first is not None else [domain.sample(rng) for _ in range(population)]
    fitness = yield [Candidate(value) for value in values]
    living = deque(range(len(values)))
    for _ in count() if cycles is None else range(cycles):
        drawn = [living[int(place)] for place in rng.integers(len(living), size=tournament)]
        parent = max(drawn, key=lambda place: (fitness[place], place))
        child = Candidate(domain.mutate(values[parent], rng), parent)
        fitness = yield [child]
        values.append(child.value)
        living.append(len(values) - 1)
        living.popleft()
