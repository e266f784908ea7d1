"""Retrieval: how many of the truly best architectures are among the highest-scored ones."""

from __future__ import annotations

import math
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.ranking import Floats, checked, share, within_top


def top_retrieval(score: ArrayLike, accuracy: ArrayLike, fraction: float = 0.1) -> float:
    """Compute the share of the truly best k = ceil(fraction · n) architectures among the k highest-scored.

    Where a tie straddles the k-th place, each of the tied architectures counts with its probability of
    being in under random tie breaking (p_i by score, q_i by accuracy): the value is Σ p_i q_i / k, which
    does not depend on the order of the input.

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).
        fraction: A share in (0, 1]; k is at least 1.

    Returns:
        A share in [0, 1]; nan for n = 0.

    Raises:
        ValueError: If the fraction is outside (0, 1], or per the package's policy.

    Example:
        >>> top_retrieval([4, 3, 2, 1], [90, 70, 80, 60], fraction=0.5)
        0.5
    """
    _check_fraction("fraction", fraction)
    x, y = checked(score, accuracy)
    return float(top_rows(np.ones((1, x.size)), x, y, fraction)[0]) if x.size else math.nan


def precision_at(score: ArrayLike, accuracy: ArrayLike, k: float = 10, good: float = 0.1) -> float:
    """Compute Precision@k: the share of the k highest-scored architectures that are among the truly best ``good``.

    This is the measure for a search that trains k candidates, whereas :func:`top_retrieval` grows k with the sample.
    The two are equal where k = ceil(good · n). Where fewer than k architectures are good, the highest possible value is
    that number divided by k. Ties as in :func:`top_retrieval`.

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).
        k: An int counts architectures (all n if there are fewer); a float in (0, 1] is a share of n, rounded up.
        good: A share in (0, 1]: the ceil(good · n) architectures of highest accuracy are good, at least one.

    Returns:
        A share in [0, 1]; nan for n = 0.

    Raises:
        ValueError: If a count is below 1 or a share outside (0, 1], or per the package's policy.
    """
    _check_fraction("good", good)
    if not isinstance(k, Integral):
        _check_fraction("k", k)
    elif k < 1:
        raise ValueError(f"`k >= 1` must hold, but got k={k!r}")
    x, y = checked(score, accuracy)
    return float(precision_rows(np.ones((1, x.size)), x, y, k, good)[0]) if x.size else math.nan


def top_rows(weights: Floats, x: Floats, y: Floats, fraction: float = 0.1) -> Floats:
    """Compute top-k retrieval of every resample, shape (rows,)."""
    k = share(fraction, x.size)
    return _overlap(weights, x, y, k, k) / k


def precision_rows(weights: Floats, x: Floats, y: Floats, k: float = 10, good: float = 0.1) -> Floats:
    """Compute Precision@k of every resample, shape (rows,)."""
    count = min(int(k), x.size) if isinstance(k, Integral) else share(k, x.size)
    return _overlap(weights, x, y, count, share(good, x.size)) / count


def _overlap(weights: Floats, x: Floats, y: Floats, highest: int, best: int) -> Floats:
    """Compute the expected number of architectures among both the highest by x and the best by y, shape (rows,)."""
    return (weights * within_top(weights, x, highest) * within_top(weights, y, best)).sum(axis=1)


def _check_fraction(name: str, value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError(f"`0 < {name} <= 1` must hold, but got {name}={value!r}")
