"""The rounds of a search in a latent space: learn from all fitness, move the best architectures, ask for the new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from eproxy_engine.search.strategies.candidate import Candidate, Decided, Strategy, T
from eproxy_engine.search.strategies.latent.pool import Pool, Tokens

if TYPE_CHECKING:
    from eproxy_engine.search.strategies.latent.model import LatentModel

ROUNDS = 3
"""Rounds after the first candidates, as in the authors' program: 1,100 queries, then three times 300."""
FIRST = 100
BATCH = 67
"""First candidates, and those of a round, where :data:`ROUNDS` rounds make 300 queries."""
NEW_OF_EACH = 3
"""New architectures of each that is moved: 300 of 100 in the authors' program."""
DIGITS = 3
"""Decimals to which predictions are rounded before they are compared."""
Learn = Callable[["LatentModel", Pool[Any], int], Tokens]
"""Trains the model on what is known and returns so many architectures to move, the best first, shape (count, L)."""


def latent_search(
    domain: Decided[T], seed: int, first: int, batch: int, known: Mapping[T, float] | None, learn: Learn
) -> Strategy[T]:
    """Yield the first candidates, drawn at random, then round by round what better latent vectors decode to.

    Args:
        domain: The searched set.
        seed: Seed of all draws and of the networks.
        first: Number of the first candidates, those ``known`` among them.
        batch: Number of candidates in each later round.
        known: Fitness of points that are known beforehand.
        learn: What a round learns, and where its moves begin.
    """
    pool = Pool(domain, known or {}, np.random.default_rng(seed))
    asked, model = len(pool.asked), None
    places = pool.drawn(max(first - asked, 0))
    while True:
        if places:
            fitness = yield [Candidate(pool.values[place]) for place in places]
            pool.tell(places, fitness[len(pool.asked) - asked :])
        if len(pool.asked) == len(pool.values):
            return
        model = model or _untrained(pool, seed)
        places = _next_places(model, pool, batch, learn)


def in_proportion(queries: int) -> dict[str, int]:
    """Return ``first`` and ``batch`` for a budget: a third, and what :data:`ROUNDS` rounds need for the rest.

    Above 300 queries they no longer grow, so that the budget does not put off what a search learns.

    Example:
        >>> in_proportion(60), in_proportion(2_000)
        ({'first': 20, 'batch': 14}, {'first': 100, 'batch': 67})
    """
    queries = min(queries, 3 * FIRST)
    first = max(queries // 3, 1)
    return {"first": first, "batch": max(-(-(queries - first) // ROUNDS), 1)}


def best(pool: Pool[T], places: np.ndarray, targets: np.ndarray, count: int) -> Tokens:
    """Return the tokens of those with the highest targets, the best first."""
    order = np.argsort(-targets.round(DIGITS), kind="stable")
    return pool.tokens[places[order[:count]]]


def _untrained(pool: Pool[T], seed: int) -> LatentModel:
    import torch

    from eproxy_engine.search.strategies.latent.model import LatentModel

    return LatentModel(pool.allowed, torch.Generator().manual_seed(seed))


def _next_places(model: LatentModel, pool: Pool[T], batch: int, learn: Learn) -> list[int]:
    from eproxy_engine.proxy.arithmetic import FAST, carried_out

    with carried_out(FAST):
        starts = learn(model, pool, -(-batch // NEW_OF_EACH))
        return pool.chosen(_moved(model, starts), batch)


def _moved(model: LatentModel, starts: Tokens) -> Iterator[Tokens]:
    import torch

    for tokens in model.moved(torch.from_numpy(starts)):
        yield tokens.numpy()
