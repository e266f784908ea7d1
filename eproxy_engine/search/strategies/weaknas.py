"""WeakNAS (Wu et al. 2021, Stronger NAS with Weaker Predictors): predictors that need be good only near the best."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.search.strategies.candidate import Decided, Strategy, T
from eproxy_engine.search.strategies.decisions import one_hot
from eproxy_engine.search.strategies.perceptron import predict
from eproxy_engine.search.strategies.pool import Places, Pool

TOP = 100
"""Number of the best by prediction among which the next are drawn."""
DIGITS = 6
"""Decimals of a prediction."""


def weaknas(
    domain: Decided[T], seed: int, first: int = 10, batch: int = 10, known: Mapping[T, float] | None = None
) -> Strategy[T]:
    """Yield random candidates, then draw ``batch`` at a time from the best by a predictor that learns from all so far.

    The numbers are the paper's for NAS-Bench-201; on NAS-Bench-101, of 423,624 architectures, it begins with 100.
    The predictor is a perceptron of the one-hot decisions: see :mod:`eproxy_engine.search.strategies.perceptron`.

    Args:
        domain: The searched set.
        seed: Seed of all draws.
        first: Number of random candidates, those ``known`` among them.
        batch: Number of candidates between two predictors.
        known: Fitness of points that are known beforehand.
    """
    rng = np.random.default_rng(seed)
    pool = Pool(domain, known or {}, rng)
    features = one_hot(pool.decisions)
    yield from pool.ask_first(first, rng)
    while len(free := pool.free):
        predicted = predict(features, pool.asked, pool.fitness, int(rng.integers(2**31)))
        yield from pool.ask(drawn(predicted.round(DIGITS), free, batch, rng))


def drawn(predicted: NDArray[np.float64], free: Places, count: int, rng: np.random.Generator) -> Places:
    """Draw new points from the :data:`TOP` of all by prediction; if too few of those are new, take the best new ones.

    Args:
        predicted: Prediction of every point, shape (n,).
        free: Places of the new points.
        count: How many to draw.
        rng: Source of the draws.
    """
    ranked = np.argsort(-predicted, kind="stable")
    new = np.isin(ranked, free)
    top = ranked[:TOP][new[:TOP]]
    return rng.choice(top, count, replace=False) if len(top) >= count else ranked[new][:count]
