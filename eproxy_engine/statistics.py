"""How well scores rank architectures: Spearman's ρ, Kendall's τ-b, top-k retrieval, bootstrap intervals.

Every function takes two 1-D arrays of equal length n, one entry an architecture: ``score`` (what a proxy
predicts) and ``accuracy`` (ground truth). Higher is better in both.

Policy, the same everywhere:

- A non-finite score means that the evaluation diverged. It ranks below every finite score, and all
  diverged architectures tie.
- A non-finite accuracy, arrays that are not 1-D, and different lengths raise ValueError.
- Ties get average ranks (Spearman), the τ-b correction (Kendall), expectation over random tie breaking (top-k).
- A correlation is undefined for n < 2 or when either array is constant: the value is nan, without a warning.
  Resamples for which a statistic is undefined do not count in its interval; if all are, the interval is nan.
- Below n = 5 no interval is given: resampling so few says nothing about others.

Every statistic also has a weighted form over a matrix of ``weights``, shape (resamples, n), which says how
often each architecture occurs in each bootstrap resample. It needs one sort for all resamples together.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Statistic = Callable[[NDArray[np.float64], NDArray[np.float64]], float]
Floats = NDArray[np.float64]

SMALLEST_FOR_INTERVAL = 5
_LARGEST_PAIR_MATRIX = 1000  # architectures; above, the n × n matrix of Kendall's pairs costs more than sorting
_ENTRIES_AT_ONCE = 100_000  # of a weight matrix: fits a processor's cache, whatever n and the number of resamples


@dataclass(frozen=True)
class Estimate:
    """A statistic with its bootstrap interval ``low`` to ``high``; all nan where undefined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Correlation:
    """How well scores rank ``n`` architectures, ``diverged`` of which have no finite score."""

    rho: Estimate
    tau: Estimate
    top10: Estimate
    n: int
    diverged: int

    def as_dict(self) -> dict[str, float | int | None]:
        """Flat and JSON-safe: rho, rho_low, rho_high, tau, …, top10, …, n, diverged. nan becomes None."""
        flat: dict[str, float | int | None] = {}
        for name in ("rho", "tau", "top10"):
            for part, number in asdict(getattr(self, name)).items():
                flat[name if part == "value" else f"{name}_{part}"] = None if math.isnan(number) else number
        return flat | {"n": self.n, "diverged": self.diverged}


def spearman(score: ArrayLike, accuracy: ArrayLike) -> float:
    """Spearman's ρ in [-1, 1] (shapes (n,), (n,)); nan where undefined. Raises ValueError, see the module's policy."""
    x, y = _checked(score, accuracy)
    return float(_spearman_rows(np.ones((1, x.size)), x, y)[0])


def kendall(score: ArrayLike, accuracy: ArrayLike) -> float:
    """Kendall's τ-b in [-1, 1] (shapes (n,), (n,)); nan where undefined. Raises ValueError, see the module's policy."""
    x, y = _checked(score, accuracy)
    return float(stats.kendalltau(x, y).statistic) if x.size >= 2 else math.nan


def top_retrieval(score: ArrayLike, accuracy: ArrayLike, fraction: float = 0.1) -> float:
    """Share of the truly best k = ceil(fraction · n) architectures found among the k highest-scored.

    Where a tie straddles the k-th place, each of the tied architectures counts with its probability of
    being in under random tie breaking (p_i by score, q_i by accuracy): the value is Σ p_i q_i / k, which
    does not depend on the order of the input.

    Args:
        score, accuracy: shape (n,).
        fraction: in (0, 1]; k is at least 1.

    Returns: a share in [0, 1]; nan for n = 0.
    Raises: ValueError for a fraction outside (0, 1], and see the module's policy.
    """
    if not 0 < fraction <= 1:
        raise ValueError(f"`0 < fraction <= 1` must hold, but got fraction={fraction!r}")
    x, y = _checked(score, accuracy)
    return float(_top_rows(np.ones((1, x.size)), x, y, fraction)[0]) if x.size else math.nan


def bootstrap_interval(
    statistic: Statistic,
    score: ArrayLike,
    accuracy: ArrayLike,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Estimate:
    """The statistic with its percentile bootstrap interval over architectures (pairs are drawn with replacement).

    Args:
        statistic: ``spearman``, ``kendall`` and ``top_retrieval`` run over all resamples at once; any other
            function of (score, accuracy) is called once a resample.
        score, accuracy: shape (n,).
        level: the interval's coverage, in (0, 1).
        resamples: at least 1.
        seed: the interval is a function of the arguments alone.

    Raises: ValueError for a level or number of resamples out of range, and see the module's policy.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), §13.3.
    """
    if not 0 < level < 1:
        raise ValueError(f"`0 < level < 1` must hold, but got level={level!r}")
    if resamples < 1:
        raise ValueError(f"`resamples >= 1` must hold, but got resamples={resamples!r}")
    x, y = _checked(score, accuracy)
    value = statistic(x, y)
    if x.size < SMALLEST_FOR_INTERVAL:
        return Estimate(value, math.nan, math.nan)
    rows = _ROWS.get(statistic)
    if statistic is kendall and x.size > _LARGEST_PAIR_MATRIX:
        rows = None
    parts = []
    for index in _resample_indices(x.size, resamples, seed):
        if rows is None:
            parts.append(np.array([statistic(x[row], y[row]) for row in index]))
        else:
            parts.append(rows(_occurrences(index), x, y))
    defined = np.concatenate(parts)
    defined = defined[~np.isnan(defined)]
    if defined.size == 0:
        return Estimate(value, math.nan, math.nan)
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high))


def correlate(score: ArrayLike, accuracy: ArrayLike, seed: int = 0) -> Correlation:
    """ρ, τ-b and top-10 % retrieval with 95 % bootstrap intervals (shapes (n,), (n,)). Raises ValueError as above."""
    x, y = _checked(score, accuracy)
    return Correlation(
        rho=bootstrap_interval(spearman, x, y, seed=seed),
        tau=bootstrap_interval(kendall, x, y, seed=seed),
        top10=bootstrap_interval(top_retrieval, x, y, seed=seed),
        n=x.size,
        diverged=int(np.isneginf(x).sum()),
    )


def _checked(score: ArrayLike, accuracy: ArrayLike) -> tuple[Floats, Floats]:
    """Both as float arrays of shape (n,), with every diverged score at -inf: below all others, and equal."""
    x, y = np.asarray(score, dtype=np.float64), np.asarray(accuracy, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"score and accuracy must be 1-D and equally long, but got shapes {x.shape} and {y.shape}")
    if not np.isfinite(y).all():
        raise ValueError(f"every accuracy must be finite, but got {y[~np.isfinite(y)][0]}")
    return np.where(np.isfinite(x), x, -np.inf), y


def _resample_indices(n: int, resamples: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Index matrices of shape (some, n), ``resamples`` rows in all, in pieces that fit in little memory."""
    rng = np.random.default_rng(seed)
    step = max(1, _ENTRIES_AT_ONCE // n)
    for start in range(0, resamples, step):
        yield rng.integers(0, n, size=(min(step, resamples - start), n))


def _occurrences(index: NDArray[np.int64]) -> Floats:
    """How often each of n architectures occurs in each row of indices; both shapes (rows, n)."""
    rows, n = index.shape
    flat = index + n * np.arange(rows)[:, None]
    return np.bincount(flat.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def _tied_groups(weights: Floats, values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Weight of each group of equal values, ascending, shape (rows, groups), and the group of each value, (n,)."""
    distinct, group = np.unique(values, return_inverse=True)
    if distinct.size == values.size:
        return weights[:, np.argsort(values)], group
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(distinct.size))
    return np.add.reduceat(weights[:, order], starts, axis=1), group


def _spearman_rows(weights: Floats, x: Floats, y: Floats) -> Floats:
    """ρ of every resample, shape (rows,). Mean ranks are the same for all: every row of weights sums to n."""
    n = x.size
    if n < 2:
        return np.full(len(weights), np.nan)
    centred, variances = [], []
    for values in (x, y):
        tied, group = _tied_groups(weights, values)
        rank = np.cumsum(tied, axis=1) - (tied - 1) / 2 - (n + 1) / 2
        variances.append((tied * rank**2).sum(axis=1))
        centred.append(rank[:, group])
    covariance = (weights * centred[0] * centred[1]).sum(axis=1)
    return _ratio(covariance, variances[0], variances[1])


def _kendall_rows(weights: Floats, x: Floats, y: Floats) -> Floats:
    """τ-b of every resample, shape (rows,): a quadratic form over the n × n matrix of concordant pairs."""
    n = x.size
    concordance = np.ones((n, n), dtype=np.float32)  # -1, 0 and 1 are exact, and so are sums below 2**24
    for values in (x, y):
        above = values[:, None] > values[None, :]
        concordance *= above.astype(np.int8) - above.T.astype(np.int8)
    pairs = ((weights.astype(np.float32) @ concordance) * weights).sum(axis=1)
    untied = [n**2 - (_tied_groups(weights, values)[0] ** 2).sum(axis=1) for values in (x, y)]
    return _ratio(pairs, untied[0], untied[1])


def _top_rows(weights: Floats, x: Floats, y: Floats, fraction: float = 0.1) -> Floats:
    """Top-k retrieval of every resample, shape (rows,)."""
    k = max(1, math.ceil(fraction * x.size - 1e-9))  # 0.07 · 100 is 7.000000000000001 in floating point
    overlap = weights.copy()
    for values in (x, y):
        tied, group = _tied_groups(weights, values)
        better = x.size - np.cumsum(tied, axis=1)
        places = np.clip(k - better, 0, tied)
        inside = np.divide(places, tied, out=np.zeros_like(tied), where=tied > 0)
        overlap *= inside[:, group]
    return overlap.sum(axis=1) / k


def _ratio(numerator: Floats, first: Floats, second: Floats) -> Floats:
    """numerator / sqrt(first · second) in [-1, 1], shape (rows,); nan where either is zero, that is: constant."""
    scale = np.sqrt(first * second)  # in this order a perfect ranking gives exactly 1
    undefined = np.full(scale.shape, np.nan)
    return np.clip(np.divide(numerator, scale, out=undefined, where=scale > 0), -1, 1)


_ROWS: dict[Statistic, Callable[[Floats, Floats, Floats], Floats]] = {
    spearman: _spearman_rows,
    kendall: _kendall_rows,
    top_retrieval: _top_rows,
}
