"""The pair that the lesson opens with: an ordinary one, so that what it shows is what most pairs show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GOOD, BAD = 0.8, 0.2
"""Shares of the sample that are less accurate than the good and the bad one."""
AROUND = 0.05
"""Distance from these shares at which an architecture still counts as being there."""


def typical_places(accuracy: Floats, losses: Sequence[Floats]) -> tuple[int, int]:
    """Choose a good and a bad architecture near the 80th and the 20th percentile of accuracy.

    Of all such pairs it is the one whose final losses lie most nearly as far apart as those of the median pair, in
    every run alike.

    Args:
        accuracy: ``[n]``, highest first.
        losses: Final losses ``[n]`` of each run, in the same order; not finite if diverged.

    Returns:
        Place of the good one from the top and of the bad one from the bottom, both from 1.

    >>> accuracy = np.arange(20.0)[::-1]
    >>> typical_places(accuracy, [np.linspace(1, 2, 20)])
    (4, 5)
    """
    count = len(accuracy)
    below = 1 - (np.arange(count) + 0.5) / count
    good, bad = (_near(below, share) for share in (GOOD, BAD))
    unlike = np.zeros((len(good), len(bad)))
    for final in losses:
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = np.log(final[bad])[None, :] - np.log(final[good])[:, None]
        known = apart[np.isfinite(apart)]
        if not known.size:
            continue
        median = np.median(known)
        spread = np.median(np.abs(known - median))
        away = np.abs(apart - median) / (spread or 1.0)
        unlike += np.where(np.isfinite(away), away, away[np.isfinite(away)].max() + 1)
    row, column = np.unravel_index(int(unlike.argmin()), unlike.shape)
    return int(good[row]) + 1, count - int(bad[column])


def _near(below: Floats, share: float) -> NDArray[np.int64]:
    """Return the indices near a share, the nearest first; the nearest alone if the sample is small."""
    order = np.argsort(np.abs(below - share), kind="stable")
    near = order[np.abs(below[order] - share) <= AROUND]
    return near if len(near) else order[:1]
