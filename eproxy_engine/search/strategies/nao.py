"""NAO: optimise architectures in a latent space (Luo et al. 2018, Neural Architecture Optimization, Alg. 1).

Each round trains encoder, predictor and decoder on all that is measured, moves the latent vectors of the best
architectures up the gradient of the predicted accuracy, by steps of growing size, and asks for what they decode to.
Differences from the paper: numbers that suit hundreds of queries, not thousands; a shorter training
(:mod:`eproxy_engine.search.strategies.latent.training`); networks that go on from the round before, as in the
program of Semi-NAS; and the nearest measured architecture where what is decoded is not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from eproxy_engine.search.strategies.candidate import Decided, Strategy, T
from eproxy_engine.search.strategies.latent.pool import Pool, Tokens
from eproxy_engine.search.strategies.latent.search import BATCH, FIRST, best, latent_search

if TYPE_CHECKING:
    from eproxy_engine.search.strategies.latent.model import LatentModel

WEIGHT = 0.9
"""λ: weight of the predicted accuracy in the loss; the rest is the reconstruction's."""


def nao(
    domain: Decided[T], seed: int, first: int = FIRST, batch: int = BATCH, known: Mapping[T, float] | None = None
) -> Strategy[T]:
    """Yield random candidates, then in each round what the moved vectors of the best ones decode to.

    Args:
        domain: The searched set.
        seed: Seed of all draws and of the networks.
        first: Number of the first candidates, those ``known`` among them.
        batch: Number of candidates in each later round.
        known: Fitness of points that are known beforehand.
    """
    return latent_search(domain, seed, first, batch, known, best_measured)


def best_measured(model: LatentModel, pool: Pool[T], count: int) -> Tokens:
    """Train on what is measured and return the best of it; see :data:`Learn`."""
    import torch

    from eproxy_engine.search.strategies.latent.training import train

    places = np.array(pool.asked)
    train(model, torch.from_numpy(pool.tokens[places]), torch.from_numpy(pool.targets), WEIGHT)
    return best(pool, places, pool.targets, count)
