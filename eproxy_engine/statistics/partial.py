"""Partial rank correlation: what a score says about accuracy beyond known quantities such as size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.ranking import Floats, centred_ranks, checked, ratio

_NOTHING = 1e-10
"""Share of a variance of ranks below which the remainder is rounding."""


def partial_spearman(score: ArrayLike, accuracy: ArrayLike, given: Sequence[ArrayLike]) -> float:
    """Compute Spearman's partial ρ.

    This is Pearson's correlation of the residuals of a linear regression of the ranks of score and accuracy on the
    ranks of ``given``. Source: partial correlation as in Kendall and Stuart, The Advanced Theory of Statistics, vol. 2,
    here of ranks.

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).
        given: Any number of finite arrays of shape (n,), such as parameters and FLOPs. Two that order the
            architectures alike count once; with none the value is Spearman's ρ.

    Returns:
        A value in [-1, 1]; nan where ``given`` fully explains the score or the accuracy.

    Raises:
        ValueError: Per the package's policy; ``given`` has the same rules as the accuracy.

    Example:
        >>> partial_spearman([1, 2, 3, 4], [1, 2, 3, 4], given=[[1, 2, 3, 4]])
        nan
    """
    x, y = checked(score, accuracy)
    return float(partial_rows(np.ones((1, x.size)), x, y, given)[0])


def partial_rows(weights: Floats, x: Floats, y: Floats, given: Sequence[ArrayLike]) -> Floats:
    """Compute partial ρ of every resample, shape (rows,)."""
    known = [_known(values, x) for values in given]
    if x.size < 2:
        return np.full(len(weights), np.nan)
    ranks = np.stack([centred_ranks(weights, values)[0] for values in (x, y, *known)], axis=1)
    covariance = (ranks * weights[:, None, :]) @ ranks.transpose(0, 2, 1)
    own, cross = covariance[:, :2, :2], covariance[:, :2, 2:]
    inverse = np.linalg.pinv(covariance[:, 2:, 2:], rcond=_NOTHING, hermitian=True)
    left = own - cross @ inverse @ cross.transpose(0, 2, 1)
    variances = [np.where(left[:, i, i] > _NOTHING * own[:, i, i], left[:, i, i], 0) for i in (0, 1)]
    return ratio(left[:, 0, 1], variances[0], variances[1])


def _known(values: ArrayLike, like: Floats) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != like.shape:
        raise ValueError(f"`given` must have the shape of the score, {like.shape}, but got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"`given` must be finite, but got {array[~np.isfinite(array)][0]}")
    return array
