"""Several proxies as one: the mean of the ranks that each gives to the architectures of a sample.

Ranks have no scale, so losses on different targets can be averaged; what one member gets wrong by chance, the others
make up for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from eproxy_engine.errors import UserError
from eproxy_engine.proxy.configuration import Configuration

MOST_MEMBERS = 20
LARGEST_SHARE = 4.0


@dataclass(frozen=True)
class Ensemble:
    """What is averaged with the ranks of a configuration."""

    others: tuple[Configuration, ...] = ()
    """The further members; each weighs as much as the configuration itself."""
    flops_share: float = 0.0
    """Weight of the FLOPs' rank beside that of all members together, 1: what is small and what is large both count."""

    def __post_init__(self) -> None:
        if len(self.others) >= MOST_MEMBERS:
            raise UserError(f"an ensemble of {len(self.others) + 1} members; accepted: up to {MOST_MEMBERS}")
        share = self.flops_share
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= LARGEST_SHARE:
            raise UserError(f"flops_share is {share!r}; accepted: a number from 0 to {LARGEST_SHARE:g}")
        object.__setattr__(self, "flops_share", float(share))

    def combine(self, scores: NDArray[np.float64], flops: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean ranks between 0 and 1, shape (n,). ``scores``: shape (members, n), −inf where an evaluation diverged;
        ``flops``: shape (n,)."""
        members = mean_ranks(scores)
        return (members + self.flops_share * mean_ranks(flops[None])) / (1 + self.flops_share)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        return {"others": [other.as_dict() for other in self.others], "flops_share": self.flops_share}

    @classmethod
    def from_dict(cls, values: Any) -> Ensemble:
        """The ensemble of plain values. Raises UserError."""
        if not isinstance(values, dict) or not set(values) <= {"others", "flops_share"}:
            raise UserError(f"an ensemble is a mapping of others, flops_share, but got {values!r}")
        others = values.get("others", [])
        if not isinstance(others, list | tuple):
            raise UserError(f"others is {others!r}; accepted: a list of configurations")
        return cls(tuple(Configuration.from_dict(other) for other in others), values.get("flops_share", 0.0))


def mean_ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the rows of each architecture's rank, from 0 (lowest) to 1; ties share. ``scores``: shape (rows, n)."""
    n = scores.shape[1]
    return (stats.rankdata(scores, axis=1) - 1).mean(axis=0) / max(n - 1, 1)
