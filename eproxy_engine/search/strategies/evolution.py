"""Regularized evolution (Real et al. 2019, Regularized Evolution for Image Classifier Architecture Search, Alg. 1)."""

from __future__ import annotations

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

    The parent of each is the fittest of ``tournament`` draws, with replacement, from the living, which are as many as
    at first: the last that were judged. Of equally fit ones, the youngest is taken. ``cycles`` of None: without end.
    A.6: population 40, tournament 10, 200 cycles.

    It may be asked for the next child while earlier ones are not judged yet, and is then sent the fitness of those that
    are, in order. With K children in flight at a time that is asynchronous evolution; with one, it is the paper's.
    """
    rng = np.random.default_rng(seed)
    values = list(first) if first is not None else [domain.sample(rng) for _ in range(population)]
    living = len(values)
    fitness = yield [Candidate(value) for value in values]
    for _ in count() if cycles is None else range(cycles):
        drawn = [len(fitness) - living + int(place) for place in rng.integers(living, size=tournament)]
        parent = max(drawn, key=lambda place: (fitness[place], place))
        values.append(domain.mutate(values[parent], rng))
        fitness = yield [Candidate(values[-1], parent)]
