"""Partial rank correlation: what a score says about accuracy beyond what is known already, such as size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.ranking import Floats, centred_ranks, checked, ratio

_NOTHING = 1e-10
"""Of a variance of ranks: what is left at this share of it is rounding."""


def partial_spearman(score: ArrayLike, accuracy: ArrayLike, given: Sequence[ArrayLike]) -> float:
    """Spearman's partial ρ in [-1, 1]: Pearson's correlation of what a linear regression on the ranks of ``given``
    leaves of the ranks of score and accuracy.

    Args:
        score, accuracy: shape (n,).
        given: any number of arrays of shape (n,), all finite, such as parameters and FLOPs. Two that order the
            architectures alike count once; with none it is Spearman's ρ.

    Returns: nan where undefined: what is given explains the score (or the accuracy) wholly.
    Raises: ValueError, see the package's policy; what holds for the accuracy holds for ``given``.
    Source: partial correlation as in Kendall and Stuart, The Advanced Theory of Statistics, vol. 2, here of ranks.
    """
    x, y = checked(score, accuracy)
    return float(partial_rows(np.ones((1, x.size)), x, y, given)[0])


def partial_rows(weights: Floats, x: Floats, y: Floats, given: Sequence[ArrayLike]) -> Floats:
    """Partial ρ of every resample, shape (rows,)."""
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
        raise ValueError(f"what is given must have the shape of the score, {like.shape}, but got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"what is given must be finite, but got {array[~np.isfinite(array)][0]}")
    return array
