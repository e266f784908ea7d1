"""Ranks on the scale of a normal distribution, on which scores of any unit can be compared and added."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from eproxy_engine.statistics import ranks

Floats = NDArray[np.float64]


def normal_scores(values: ArrayLike) -> Floats:
    """Turn values into normal scores, Φ⁻¹((rank − ½) / n).

    Args:
        values: Values, shape (n,), higher is better. Unknown or failed ones (nan, −inf) share the lowest rank.

    Returns:
        Normal scores, shape (n,), with the order of ``values``; equal values have equal scores.

    Example:
        >>> normal_scores([3.0, 1.0, 2.0]).round(2).tolist()
        [0.97, -0.97, 0.0]
    """
    given = np.asarray(values, dtype=np.float64)
    places = ranks(np.where(np.isnan(given), -np.inf, given))
    return np.asarray(scipy.special.ndtri((places - 0.5) / len(given)), dtype=np.float64)


def standardised(columns: Floats) -> Floats:
    """Shift and scale each column to mean 0 and deviation 1, and leave out those that are constant.

    Args:
        columns: Values, shape (n, p).

    Returns:
        Values, shape (n, p'), p' <= p.
    """
    varying = columns[:, ~constant(columns)]
    return (varying - varying.mean(axis=0)) / varying.std(axis=0)


def constant(columns: Floats) -> NDArray[np.bool_]:
    """Return which columns have a single value, shape (p,)."""
    return np.asarray(np.ptp(columns, axis=0) <= 1e-12 * np.abs(columns).max(axis=0, initial=1e-300), dtype=bool)
