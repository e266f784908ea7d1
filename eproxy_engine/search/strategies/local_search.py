"""Local search (White et al. 2021, Exploring the Loss Landscape in Neural Architecture Search)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, repeat

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Neighbourhood, Strategy, T


def local_search(domain: Neighbourhood[T], seed: int, starts: Iterable[T] = ()) -> Strategy[T]:
    """Yield candidates one by one: move to the first fitter neighbour until there is none, then restart.

    Args:
        domain: The searched set.
        seed: Seed of all draws.
        starts: First starts; after them, starts are random, without end.
    """
    rng = np.random.default_rng(seed)
    place = -1
    for start in chain(starts, repeat(None)):
        current = domain.sample(rng) if start is None else start
        fitness = yield [Candidate(current)]
        place = at = place + 1
        better = True
        while better:
            better = False
            for neighbour in domain.neighbours(current, rng):
                fitness = yield [Candidate(neighbour, at)]
                place += 1
                if fitness[place] > fitness[at]:
                    current, at, better = neighbour, place, True
                    break
