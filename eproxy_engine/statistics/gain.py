"""Normalised discounted cumulative gain, which weights the first places of a ranking most."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.ranking import Floats, checked, tied_groups


def ndcg(score: ArrayLike, accuracy: ArrayLike, k: int | None = None) -> float:
    """Compute nDCG of the ranking by score: its DCG over the DCG of the ranking by accuracy.

    DCG = Σ_j g_(j) / log₂(j + 1) over the places j = 1 … k. The gain g of an architecture is its accuracy scaled
    linearly to [0, 1] over these n architectures. Architectures with equal scores each get the mean discount of their
    places, which is the expectation over random tie breaking. A random ranking is far above 0, so compare values only
    on the same architectures.

    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002); ties as in McSherry and
    Najork, Computing information retrieval performance measures efficiently in the presence of tied scores (2008).

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).
        k: Number of places that count; all n if None.

    Returns:
        A value in [0, 1]; nan for n < 2 or where all accuracies are equal (constant scores have a value).

    Raises:
        ValueError: If k < 1, or per the package's policy.
    """
    if k is not None and k < 1:
        raise ValueError(f"`k >= 1` must hold, but got k={k!r}")
    x, y = checked(score, accuracy)
    return float(ndcg_rows(np.ones((1, x.size)), x, y, k)[0]) if x.size else math.nan


def ndcg_rows(weights: Floats, x: Floats, y: Floats, k: int | None = None) -> Floats:
    """Compute nDCG of every resample, shape (rows,), with gains scaled over the resample."""
    gain = weights * _gains(weights, y)
    reached, possible = ((gain * _discounts(weights, values, k)).sum(axis=1) for values in (x, y))
    return np.divide(reached, possible, out=np.full(len(weights), np.nan), where=possible > 0)


def _gains(weights: Floats, accuracy: Floats) -> Floats:
    """Scale accuracies to [0, 1] in every resample, shape (rows, n); all 0 where they are equal."""
    order = np.argsort(accuracy)
    there = weights[:, order] > 0
    low = accuracy[order[there.argmax(axis=1)]]
    high = accuracy[order[accuracy.size - 1 - there[:, ::-1].argmax(axis=1)]]
    span = np.where(high > low, high - low, np.inf)
    return (accuracy - low[:, None]) / span[:, None]


def _discounts(weights: Floats, values: Floats, k: int | None) -> Floats:
    """Compute the mean discount of the places of each architecture and its ties, shape (rows, n)."""
    n = values.size
    discount = 1 / np.log2(np.arange(n) + 2)
    discount[n if k is None else k :] = 0
    up_to = np.concatenate([[0.0], np.cumsum(discount)])
    tied, group = tied_groups(weights, values)
    last = n - np.cumsum(tied, axis=1) + tied
    total = up_to[last.astype(np.int64)] - up_to[(last - tied).astype(np.int64)]
    return np.divide(total, tied, out=np.zeros_like(tied), where=tied > 0)[:, group]
