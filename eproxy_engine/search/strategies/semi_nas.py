"""Semi-NAS: NAO that learns from its own predictions too (Luo et al. 2020, Semi-Supervised Neural Architecture Search).

Each round trains the networks of NAO on all that is measured, predicts the accuracy of many other architectures, and
trains on both, as if the predictions were measured. The moves begin at the best of both. It differs from the paper as
:mod:`eproxy_engine.search.strategies.nao` does from its own.
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

WEIGHT = 0.8
"""λ: weight of the predicted accuracy in the loss; the rest is the reconstruction's."""
UNLABELLED = 10_000
"""M: architectures whose predictions are learned from."""


def semi_nas(
    domain: Decided[T], seed: int, first: int = FIRST, batch: int = BATCH, known: Mapping[T, float] | None = None
) -> Strategy[T]:
    """Yield random candidates, then in each round what the moved vectors of the best ones decode to.

    The best are those with the highest accuracy, measured or predicted.

    Args:
        domain: The searched set.
        seed: Seed of all draws and of the networks.
        first: Number of the first candidates, those ``known`` among them.
        batch: Number of candidates in each later round.
        known: Fitness of points that are known beforehand.
    """
    return latent_search(domain, seed, first, batch, known, best_known)


def best_known(model: LatentModel, pool: Pool[T], count: int) -> Tokens:
    """Train on what is measured, predict others, train on both, and return the best of both; see :data:`Learn`.

    The measured ones are repeated until they are as many as the others.
    """
    import torch

    from eproxy_engine.search.strategies.latent.training import predicted, train

    others = pool.drawn(UNLABELLED)
    measured, unlabelled = torch.from_numpy(pool.tokens[pool.asked]), torch.from_numpy(pool.tokens[others])
    targets = torch.from_numpy(pool.targets)
    train(model, measured, targets, WEIGHT)
    pseudo = predicted(model, unlabelled)
    repeats = -(-len(others) // len(pool.asked))
    tokens = torch.cat([measured.repeat(repeats, 1), unlabelled])
    train(model, tokens, torch.cat([targets.repeat(repeats), pseudo]), WEIGHT)
    return best(pool, np.array([*pool.asked, *others]), torch.cat([targets, pseudo]).numpy(), count)
