"""Helpers of all statistics: checked input, ranks with ties, places in a ranking, in every resample at once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def checked(score: ArrayLike, accuracy: ArrayLike) -> tuple[Floats, Floats]:
    """Return both as float arrays of shape (n,), with every diverged score at -inf: below all others, and equal.

    Raises ValueError per the package's policy.
    """
    x, y = np.asarray(score, dtype=np.float64), np.asarray(accuracy, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"score and accuracy must be 1-D and equally long, but got shapes {x.shape} and {y.shape}")
    if not np.isfinite(y).all():
        raise ValueError(f"every accuracy must be finite, but got {y[~np.isfinite(y)][0]}")
    return diverged_last(x), y


def diverged_last(scores: Floats) -> Floats:
    """Replace every non-finite score by -inf; any shape."""
    return np.where(np.isfinite(scores), scores, -np.inf)


def ranks(values: ArrayLike) -> Floats:
    """Return ranks along the last axis, 1 is the lowest; equal values share their mean rank. No value may be nan.

    The same as ``scipy.stats.rankdata``, whose package takes most of a second to import.

    >>> ranks([0.5, 0.1, 0.5, -np.inf]).tolist()
    [3.5, 2.0, 3.5, 1.0]
    """
    return np.apply_along_axis(_ranks, -1, np.asarray(values, dtype=np.float64))


def _ranks(values: Floats) -> Floats:
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right") + 1) / 2


def share(fraction: float, n: int) -> int:
    """Return how many of ``n`` a fraction in (0, 1] is, rounded up, at least 1.

    >>> share(0.1, 11), share(0.07, 100)
    (2, 7)
    """
    return max(1, math.ceil(fraction * n - 1e-9))  # 0.07 · 100 is 7.000000000000001 in floating point


def tied_groups(weights: Floats, values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the weight of each group of equal values, ascending, (rows, groups), and the group of each value, (n,)."""
    distinct, group = np.unique(values, return_inverse=True)
    if distinct.size == values.size:
        return weights[:, np.argsort(values)], group
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(distinct.size))
    return np.add.reduceat(weights[:, order], starts, axis=1), group


def centred_ranks(weights: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return average ranks minus their mean, shape (rows, n), and the sum of their squares over a resample, (rows,).

    The mean rank is the same for all resamples: every row of weights sums to n.
    """
    tied, group = tied_groups(weights, values)
    rank = np.cumsum(tied, axis=1) - (tied - 1) / 2 - (values.size + 1) / 2
    return rank[:, group], (tied * rank**2).sum(axis=1)


def within_top(weights: Floats, values: Floats, k: int) -> Floats:
    """Return each architecture's probability to be among the k highest under random tie breaking, shape (rows, n)."""
    tied, group = tied_groups(weights, values)
    better = values.size - np.cumsum(tied, axis=1)
    places = np.clip(k - better, 0, tied)
    return np.divide(places, tied, out=np.zeros_like(tied), where=tied > 0)[:, group]


def ratio(numerator: Floats, first: Floats, second: Floats) -> Floats:
    """Compute numerator / sqrt(first · second) in [-1, 1], any shape; nan where either is zero (constant values)."""
    scale = np.sqrt(first * second)  # in this order a perfect ranking gives exactly 1
    undefined = np.full(scale.shape, np.nan)
    return np.clip(np.divide(numerator, scale, out=undefined, where=scale > 0), -1, 1)
