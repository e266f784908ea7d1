"""Random search: the baseline of every other strategy."""

from __future__ import annotations

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Domain, Strategy, T


def random_search(domain: Domain[T], budget: int | None, seed: int) -> Strategy[T]:
    """Yield ``budget`` independent draws at once; if it is None, yield them one by one without end.

    Args:
        domain: The searched set.
        budget: Number of candidates; None for no limit.
        seed: Seed of the draws.
    """
    rng = np.random.default_rng(seed)
    while budget is None:
        yield [Candidate(domain.sample(rng))]
    yield [Candidate(domain.sample(rng)) for _ in range(budget)]
