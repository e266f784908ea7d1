"""Rank correlations: Spearman's ρ, alone and between many proxies, and Kendall's τ-b."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import ArrayLike

from eproxy_engine.statistics.ranking import Floats, centred_ranks, checked, diverged_last, ranks, ratio, tied_groups

LARGEST_PAIR_MATRIX = 1000
"""Architectures above which the n x n matrix of Kendall's pairs costs more than sorting."""


def spearman(score: ArrayLike, accuracy: ArrayLike) -> float:
    """Compute Spearman's ρ.

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).

    Returns:
        A value in [-1, 1]; nan where undefined.

    Raises:
        ValueError: Per the package's policy.

    Example:
        >>> spearman([0.1, 0.5, 0.9], [70, 80, 90])
        1.0
    """
    x, y = checked(score, accuracy)
    return float(spearman_rows(np.ones((1, x.size)), x, y)[0])


def kendall(score: ArrayLike, accuracy: ArrayLike) -> float:
    """Compute Kendall's τ-b.

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).

    Returns:
        A value in [-1, 1]; nan where undefined.

    Raises:
        ValueError: Per the package's policy.
    """
    x, y = checked(score, accuracy)
    if x.size < 2:
        return math.nan
    if x.size <= LARGEST_PAIR_MATRIX:  # importing scipy.stats would take far longer
        return float(kendall_rows(np.ones((1, x.size)), x, y)[0])
    return float(scipy.stats.kendalltau(x, y).statistic)


def correlation_matrix(scores: ArrayLike) -> Floats:
    """Compute Spearman's ρ between every two of m proxies.

    Args:
        scores: Scores of each proxy, shape (m, n). Diverged scores rank last and tie within each proxy.

    Returns:
        Shape (m, m), symmetric, 1 on the diagonal. Row and column of a proxy with constant scores are nan.

    Raises:
        ValueError: If the scores are not 2-D.
    """
    values = np.asarray(scores, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"scores must be 2-D, with one row per proxy, but got shape {values.shape}")
    m, n = values.shape
    if n < 2 or m == 0:
        return np.full((m, m), np.nan)
    centred = ranks(diverged_last(values)) - (n + 1) / 2
    covariance = centred @ centred.T
    variance = np.diag(covariance)
    return ratio(covariance, variance[:, None], variance[None, :])


def spearman_rows(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Compute ρ of every resample, shape (rows,)."""
    return spearmans_rows(weights, [x], y)[0]


def spearmans_rows(weights: Floats, scores: Sequence[Floats], y: Floats) -> Floats:
    """Compute ρ of several scores in every resample, shape (scores, rows); the accuracies are ranked once for all."""
    if y.size < 2:
        return np.full((len(scores), len(weights)), np.nan)
    second, y_variance = centred_ranks(weights, y)
    weighted, found = weights * second, []
    for x in scores:
        first, x_variance = centred_ranks(weights, x)
        found.append(ratio((weighted * first).sum(axis=1), x_variance, y_variance))
    return np.stack(found)


def kendall_rows(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Compute τ-b of every resample, shape (rows,), as a quadratic form over the n × n matrix of concordant pairs."""
    n = x.size
    concordance = np.ones((n, n), dtype=np.float32)  # -1, 0 and 1 are exact, and so are sums below 2**24
    for values in (x, y):
        above = values[:, None] > values[None, :]
        concordance *= above.astype(np.int8) - above.T.astype(np.int8)
    pairs = ((weights.astype(np.float32) @ concordance) * weights).sum(axis=1)
    untied = [n**2 - (tied_groups(weights, values)[0] ** 2).sum(axis=1) for values in (x, y)]
    return ratio(pairs, untied[0], untied[1])
