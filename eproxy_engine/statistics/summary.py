"""The statistics that every evaluation of a proxy is reported with."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike

from eproxy_engine.statistics.bootstrap import Estimate, bootstrap_interval
from eproxy_engine.statistics.correlation import kendall, spearman
from eproxy_engine.statistics.ranking import checked
from eproxy_engine.statistics.retrieval import top_retrieval


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


def correlate(score: ArrayLike, accuracy: ArrayLike, seed: int = 0) -> Correlation:
    """ρ, τ-b and top-10 % retrieval with 95 % bootstrap intervals (shapes (n,), (n,)).

    Raises ValueError, see the package's policy.
    """
    x, y = checked(score, accuracy)
    return Correlation(
        rho=bootstrap_interval(spearman, x, y, seed=seed),
        tau=bootstrap_interval(kendall, x, y, seed=seed),
        top10=bootstrap_interval(top_retrieval, x, y, seed=seed),
        n=x.size,
        diverged=int(np.isneginf(x).sum()),
    )
