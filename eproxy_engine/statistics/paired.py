"""Differences between scores of the same architectures, with intervals from resamples that they share.

Two ρ on the same architectures rise and fall together: an architecture that is hard to rank is hard for both. Whether
one is ahead is therefore not to be read off two separate intervals, which may overlap although the difference is
certain. Here every resample is drawn once and judges all scores, and the interval is that of the difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.bootstrap import (
    SMALLEST_FOR_INTERVAL,
    Estimate,
    Statistic,
    check_resampling,
    or_none,
    percentiles,
    resampled,
)
from eproxy_engine.statistics.correlation import spearman
from eproxy_engine.statistics.ranking import Floats, checked


@dataclass(frozen=True)
class Difference:
    """``first`` minus ``second``, two values of one statistic on the same ``n`` architectures.

    ``low`` to ``high`` is the paired bootstrap interval, ``above`` the share of resamples in which the first is ahead
    (ties count half); all three are nan where there is no interval.
    """

    first: float
    second: float
    low: float
    high: float
    above: float
    n: int

    @property
    def value(self) -> float:
        """The difference itself; nan where either is undefined."""
        return self.first - self.second

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return not (math.isnan(self.value) or math.isnan(self.low))

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval excludes 0."""
        return self.known and (self.low > 0 or self.high < 0)

    def reversed(self) -> Difference:
        """Return second minus first."""
        return Difference(self.second, self.first, -self.high, -self.low, 1 - self.above, self.n)

    def as_dict(self, name: str) -> dict[str, float | int | None]:
        """Return a flat, JSON-safe dict with ``name``, ``name_low``, ``name_high``, ``name_above`` and ``n``.

        Example:
            >>> Difference(0.75, 0.5, 0.125, 0.5, 0.99, 40).as_dict("more")
            {'more': 0.25, 'more_low': 0.125, 'more_high': 0.5, 'more_above': 0.99, 'n': 40}
        """
        parts = Estimate(self.value, self.low, self.high).as_dict(name)
        return {**parts, f"{name}_above": or_none(self.above), "n": self.n}


class Resampled:
    """One statistic of m scores on the same n architectures, and of all of them in every resample."""

    def __init__(self, values: Floats, resamples: Floats, n: int, level: float) -> None:
        """``values``: (m,); ``resamples``: (m, number of resamples), which is 0 below five architectures."""
        self.values, self.resamples, self.n, self.level = values, resamples, n, level

    def estimate(self, index: int) -> Estimate:
        """Return one score's statistic with its own interval, equal to :func:`bootstrap_interval`'s."""
        return Estimate(float(self.values[index]), *percentiles(self.resamples[index], self.level))

    def difference(self, first: int, second: int) -> Difference:
        """Return the difference of two of the scores."""
        differences = self.resamples[first] - self.resamples[second]
        defined = differences[~np.isnan(differences)]
        above = ((defined > 0) + 0.5 * (defined == 0)).mean() if defined.size else math.nan
        ends = percentiles(defined, self.level)
        return Difference(float(self.values[first]), float(self.values[second]), *ends, float(above), self.n)


def resampled_together(
    statistic: Statistic,
    scores: Sequence[ArrayLike],
    accuracy: ArrayLike,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Resampled:
    """Compute a statistic of several scores of the same architectures, resampled together.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), §8.3 and §13.3: the unit of resampling is
    the architecture with all that is known of it.

    Args:
        statistic: As in :func:`eproxy_engine.statistics.bootstrap_interval`.
        scores: m arrays, each of shape (n,).
        accuracy: Accuracies, shape (n,).
        level: Coverage of the intervals, in (0, 1).
        resamples: Number of resamples, at least 1.
        seed: Seed of the resampling; the intervals depend on the arguments alone.

    Raises:
        ValueError: If the level or the number of resamples is out of range, or per the package's policy.
    """
    check_resampling(level, resamples)
    pairs = [checked(score, accuracy) for score in scores]
    values = np.array([statistic(x, y) for x, y in pairs])
    n = np.asarray(accuracy).size
    if n < SMALLEST_FOR_INTERVAL or not pairs:
        return Resampled(values, np.empty((len(pairs), 0)), n, level)
    found = resampled(statistic, [x for x, _ in pairs], pairs[0][1], resamples, seed)
    return Resampled(values, found, n, level)


def paired_difference(
    first: ArrayLike,
    second: ArrayLike,
    accuracy: ArrayLike,
    statistic: Statistic = spearman,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Difference:
    """Compute how far the first score is ahead of the second on the same architectures, with its paired interval.

    Args:
        first: Scores, shape (n,).
        second: Scores of the same architectures in the same order, shape (n,).
        accuracy: Accuracies, shape (n,).
        statistic: Spearman's ρ, or any other of this package.
        level: Coverage of the interval, in (0, 1).
        resamples: Number of resamples, at least 1.
        seed: Seed of the resampling.

    Raises:
        ValueError: If the level or the number of resamples is out of range, or per the package's policy.

    Example:
        >>> better = paired_difference([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5], [1, 2, 3, 4, 5, 6])
        >>> round(better.value, 2), better.above > 0.9
        (0.17, True)
    """
    return resampled_together(statistic, [first, second], accuracy, level, resamples, seed).difference(0, 1)
