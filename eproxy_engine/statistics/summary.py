"""The statistics that are reported for every proxy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.bootstrap import Estimate, bootstrap_interval
from eproxy_engine.statistics.correlation import kendall, spearman
from eproxy_engine.statistics.ranking import checked
from eproxy_engine.statistics.retrieval import top_retrieval


@dataclass(frozen=True)
class Correlation:
    """Rank correlations of scores over ``n`` architectures, ``diverged`` of which have no finite score."""

    rho: Estimate
    tau: Estimate
    top10: Estimate
    n: int
    diverged: int

    def as_dict(self) -> dict[str, float | int | None]:
        """Return a flat, JSON-safe dict: rho, rho_low, rho_high, tau, …, top10, …, n, diverged; nan becomes None."""
        estimates = self.rho.as_dict("rho") | self.tau.as_dict("tau") | self.top10.as_dict("top10")
        return {**estimates, "n": self.n, "diverged": self.diverged}


def correlate(score: ArrayLike, accuracy: ArrayLike, seed: int = 0) -> Correlation:
    """Compute ρ, τ-b and top-10 % retrieval with 95 % bootstrap intervals.

    Args:
        score: Scores, shape (n,).
        accuracy: Accuracies, shape (n,).
        seed: Seed of the bootstrap.

    Raises:
        ValueError: Per the package's policy.

    Example:
        >>> correlate([1, 2, 3, 4, 5], [10, 20, 30, 40, 50]).rho.value
        1.0
    """
    x, y = checked(score, accuracy)
    return Correlation(
        rho=bootstrap_interval(spearman, x, y, seed=seed),
        tau=bootstrap_interval(kendall, x, y, seed=seed),
        top10=bootstrap_interval(top_retrieval, x, y, seed=seed),
        n=x.size,
        diverged=int(np.isneginf(x).sum()),
    )
