"""Several proxies as one: their ranks in a sample, aggregated.

Ranks have no scale, so losses on different targets and other proxies' values can be put together; what one member gets
wrong by chance, the others make up for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from eproxy_engine.errors import UserError, check_named, shown
from eproxy_engine.scoring.member import Member, member_of

MOST_MEMBERS = 20
LARGEST_SHARE = 4.0
AGGREGATIONS = {
    "mean": "mean of the ranks",
    "log": "sum of the logarithms of the ranks: who is last for one member hardly recovers (AZ-NAS)",
}


@dataclass(frozen=True)
class Ensemble:
    """What is aggregated with the ranks of a first member."""

    others: tuple[Member, ...] = ()
    """The further members; each weighs as much as the first."""
    flops_share: float = 0.0
    """Weight of the FLOPs' rank beside that of all members together, 1: what is small and what is large both count."""
    aggregation: str = "mean"
    """A key of :data:`AGGREGATIONS`."""

    def __post_init__(self) -> None:
        if len(self.others) >= MOST_MEMBERS:
            raise UserError(f"an ensemble of {len(self.others) + 1} members; accepted: up to {MOST_MEMBERS}")
        share = self.flops_share
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= LARGEST_SHARE:
            raise UserError(f"flops_share is {shown(share)}; accepted: a number from 0 to {LARGEST_SHARE:g}")
        check_named("aggregation", self.aggregation, AGGREGATIONS)
        object.__setattr__(self, "flops_share", float(share))

    def combine(self, scores: NDArray[np.float64], flops: NDArray[np.float64]) -> NDArray[np.float64]:
        """Aggregated ranks, shape (n,): between 0 and 1 for ``mean``, 0 or less for ``log``.

        ``scores``: shape (members, n), −inf where an evaluation failed; ``flops``: shape (n,).
        """
        aggregate = mean_ranks if self.aggregation == "mean" else log_ranks
        return (aggregate(scores) + self.flops_share * aggregate(flops[None])) / (1 + self.flops_share)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        others = [other.as_dict() for other in self.others]
        return {"others": others, "flops_share": self.flops_share, "aggregation": self.aggregation}

    @classmethod
    def from_dict(cls, values: Any) -> Ensemble:
        """The ensemble of plain values. Raises UserError."""
        if not isinstance(values, dict) or not set(values) <= {"others", "flops_share", "aggregation"}:
            raise UserError(f"an ensemble is a mapping of others, flops_share, aggregation, but got {shown(values)}")
        others = values.get("others", [])
        if not isinstance(others, list | tuple):
            raise UserError(f"others is {shown(others)}; accepted: a list of configurations")
        members = tuple(member_of(other) for other in others)
        return cls(members, values.get("flops_share", 0.0), values.get("aggregation", "mean"))


def mean_ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the rows of each architecture's rank, from 0 (lowest) to 1; ties share. ``scores``: shape (rows, n)."""
    n = scores.shape[1]
    return (scipy.stats.rankdata(scores, axis=1) - 1).mean(axis=0) / max(n - 1, 1)


def log_ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over the rows of log(rank / n), ranks from 1 (lowest) to n; ties share. ``scores``: shape (rows, n).

    Source: Lee and Ham 2024, AZ-NAS (arXiv 2403.19232), the non-linear aggregation of rankings.
    """
    return np.log(scipy.stats.rankdata(scores, axis=1) / scores.shape[1]).sum(axis=0)
