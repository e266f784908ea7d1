"""Random search: the baseline of every other strategy."""

from __future__ import annotations

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Domain, Strategy, T


def random_search(domain: Domain[T], budget: int | None, seed: int) -> Strategy[T]:
    """``budget`` independent draws, all asked for at once; of None: one after the other, without end."""
    rng = np.random.default_rng(seed)
    while budget is None:
        yield [Candidate(domain.sample(rng))]
    yield [Candidate(domain.sample(rng)) for _ in range(budget)]
