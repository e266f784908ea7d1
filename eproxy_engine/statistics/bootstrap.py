"""Bootstrap intervals, computed over all resamples at once for the statistics of this package."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eproxy_engine.statistics import correlation
from eproxy_engine.statistics.correlation import kendall, kendall_rows, spearman, spearman_rows, spearmans_rows
from eproxy_engine.statistics.gain import ndcg, ndcg_rows
from eproxy_engine.statistics.partial import partial_rows, partial_spearman
from eproxy_engine.statistics.ranking import Floats, checked
from eproxy_engine.statistics.retrieval import precision_at, precision_rows, top_retrieval, top_rows

Statistic = Callable[[Floats, Floats], float]

SMALLEST_FOR_INTERVAL = 5
_ENTRIES_AT_ONCE = 100_000  # of a weight matrix: fits a processor's cache for any n and number of resamples

_ROWS: dict[Callable[..., float], Callable[..., Floats]] = {
    spearman: spearman_rows,
    kendall: kendall_rows,
    top_retrieval: top_rows,
    precision_at: precision_rows,
    ndcg: ndcg_rows,
    partial_spearman: partial_rows,
}


@dataclass(frozen=True)
class Estimate:
    """A statistic with its bootstrap interval ``low`` to ``high``; all nan where undefined."""

    value: float
    low: float
    high: float

    def as_dict(self, name: str) -> dict[str, float | None]:
        """Return a flat, JSON-safe dict with ``name``, ``name_low`` and ``name_high``; nan becomes None.

        Example:
            >>> Estimate(0.8, 0.7, math.nan).as_dict("rho")
            {'rho': 0.8, 'rho_low': 0.7, 'rho_high': None}
        """
        parts = {name: self.value, f"{name}_low": self.low, f"{name}_high": self.high}
        return {part: or_none(number) for part, number in parts.items()}


def or_none(value: float) -> float | None:
    """Return the number, or None for nan, which JSON lacks."""
    return None if math.isnan(value) else float(value)


def bootstrap_interval(
    statistic: Statistic,
    score: ArrayLike,
    accuracy: ArrayLike,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Estimate:
    """Compute a statistic with its percentile bootstrap interval over architectures.

    Pairs of score and accuracy are drawn with replacement. Source: Efron and Tibshirani, An Introduction to the
    Bootstrap (1993), §13.3.

    Args:
        statistic: Function of (score, accuracy). Statistics of this package, also with keyword arguments bound as in
            ``functools.partial(precision_at, k=20)``, run over all resamples at once; any other function is called
            once per resample. The arrays given to ``partial_spearman`` are resampled along with the pairs.
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).
        level: Coverage of the interval, in (0, 1).
        resamples: Number of resamples, at least 1.
        seed: Seed of the resampling; the interval depends on the arguments alone.

    Raises:
        ValueError: If the level or the number of resamples is out of range, or per the package's policy.

    Example:
        >>> estimate = bootstrap_interval(spearman, [1, 2, 3, 4, 5, 6], [1, 2, 4, 3, 5, 6])
        >>> estimate.low <= estimate.value <= estimate.high
        True
    """
    check_resampling(level, resamples)
    x, y = checked(score, accuracy)
    value = statistic(x, y)
    if x.size < SMALLEST_FOR_INTERVAL:
        return Estimate(value, math.nan, math.nan)
    return Estimate(value, *percentiles(resampled(statistic, [x], y, resamples, seed)[0], level))


def check_resampling(level: float, resamples: int) -> None:
    """Raise ValueError if either is out of range."""
    if not 0 < level < 1:
        raise ValueError(f"`0 < level < 1` must hold, but got level={level!r}")
    if resamples < 1:
        raise ValueError(f"`resamples >= 1` must hold, but got resamples={resamples!r}")


def percentiles(values: Floats, level: float) -> tuple[float, float]:
    """Return the ends of the percentile interval of those values that are defined; nan if none is."""
    defined = values[~np.isnan(values)]
    if defined.size == 0:
        return math.nan, math.nan
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def resampled(statistic: Statistic, scores: Sequence[Floats], accuracy: Floats, resamples: int, seed: int) -> Floats:
    """Compute the statistic of every score, checked and of shape (n,), in the same resamples: (scores, resamples)."""
    n = accuracy.size
    rows = _row_form(statistic, n)
    parts = []
    for index in resample_indices(n, resamples, seed):
        if rows is None:
            parts.append(np.array([[statistic(x[row], accuracy[row]) for row in index] for x in scores]))
        elif statistic is spearman:
            parts.append(spearmans_rows(_occurrences(index), scores, accuracy))
        else:
            weights = _occurrences(index)
            parts.append(np.stack([rows(weights, x, accuracy) for x in scores]))
    return np.concatenate(parts, axis=1)


def resample_indices(n: int, resamples: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield index matrices of shape (some, n), ``resamples`` rows in all, in pieces that need little memory."""
    rng = np.random.default_rng(seed)
    step = max(1, _ENTRIES_AT_ONCE // n)
    for start in range(0, resamples, step):
        yield rng.integers(0, n, size=(min(step, resamples - start), n))


def _row_form(statistic: Statistic, n: int) -> Callable[[Floats, Floats, Floats], Floats] | None:
    """Return the statistic's form over all resamples at once; None if there is none or it is slower."""
    if isinstance(statistic, partial) and not statistic.args:
        rows = _ROWS.get(statistic.func)
        return None if rows is None else partial(rows, **statistic.keywords)
    if statistic is kendall and n > correlation.LARGEST_PAIR_MATRIX:
        return None
    return _ROWS.get(statistic)


def _occurrences(index: NDArray[np.int64]) -> Floats:
    """Count how often each of n architectures occurs in each row of indices; both shapes (rows, n)."""
    rows, n = index.shape
    flat = index + n * np.arange(rows)[:, None]
    return np.bincount(flat.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
