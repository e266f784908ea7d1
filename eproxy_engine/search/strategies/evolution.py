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
    first: Sequence[T] = (),
) -> Strategy[T]:
    """Yield an initial population, then children one by one.

    The parent of a child is the fittest of ``tournament`` draws, with replacement, from the living: the last judged
    candidates, as many as the initial population. Of equally fit ones, the youngest wins. A.6: population 40,
    tournament 10, 200 cycles.

    The next child may be requested before earlier ones are judged, by sending the fitness of those that are, in order.
    With K children in flight this is asynchronous evolution; with one, it is the paper's.

    Args:
        domain: The searched set.
        population: Number of candidates at the start.
        tournament: Number of draws for a parent.
        cycles: Number of children; None for no limit.
        seed: Seed of all draws.
        first: Candidates that take the places of the first random ones, at most ``population``.
    """
    rng = np.random.default_rng(seed)
    values = [*first, *(domain.sample(rng) for _ in range(population - len(first)))]
    fitness = yield [Candidate(value) for value in values]
    for _ in count() if cycles is None else range(cycles):
        drawn = [len(fitness) - population + int(place) for place in rng.integers(population, size=tournament)]
        parent = max(drawn, key=lambda place: (fitness[place], place))
        values.append(domain.mutate(values[parent], rng))
        fitness = yield [Candidate(values[-1], parent)]
