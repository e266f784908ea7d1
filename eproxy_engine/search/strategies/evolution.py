"""Regularized evolution (Real et al. 2019, Regularized Evolution for Image Classifier Architecture Search, Alg. 1)."""

from __future__ import annotations

from collections import deque

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Domain, Strategy, T


def regularized_evolution(domain: Domain[T], population: int, tournament: int, cycles: int, seed: int) -> Strategy[T]:
    """``population`` random candidates, then ``cycles`` children, one after the other.

    The parent of each is the fittest of ``tournament`` draws, with replacement, from the living; the oldest dies.
    Of equally fit ones, the youngest is taken. A.6: population 40, tournament 10, 200 cycles.
    """
    rng = np.random.default_rng(seed)
    first = [Candidate(domain.sample(rng)) for _ in range(population)]
    values = [candidate.value for candidate in first]
    fitness = list((yield first))
    living = deque(range(population))
    for _ in range(cycles):
        drawn = [living[int(place)] for place in rng.integers(population, size=tournament)]
        parent = max(drawn, key=lambda place: (fitness[place], place))
        child = Candidate(domain.mutate(values[parent], rng), parent)
        fitness += yield [child]
        values.append(child.value)
        living.append(len(values) - 1)
        living.popleft()
