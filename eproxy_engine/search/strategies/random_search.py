"""Random search: the baseline of every other strategy."""

from __future__ import annotations

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Domain, Strategy, T


def random_search(domain: Domain[T], budget: int, seed: int) -> Strategy[T]:
    """``budget`` independent draws, all asked for at once."""
    rng = np.random.default_rng(seed)
    yield [Candidate(domain.sample(rng)) for _ in range(budget)]
