"""Proxies: an Eproxy configuration, another proxy, or an ensemble whose members' ranks are aggregated.

Ranks have no scale, so losses on different targets and values of other proxies can be combined. Members make up for
each other's chance errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy
import yaml
from numpy.typing import NDArray

from eproxy_engine.baselines import Baseline
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, check_named, shown
from eproxy_engine.proxy import Configuration

Floats = NDArray[np.float64]
Member = Configuration | Baseline
"""A proxy that scores by itself."""

MOST_MEMBERS = 20
TARGETS = {
    "net": "untrained network",
    "wave_low": "low-frequency waves",
    "wave_mid": "mid-frequency waves",
    "wave_high": "high-frequency waves",
    "dot": "random signs",
}
"""What a branch learns, in a heading."""
LARGEST_SHARE = 4.0
AGGREGATIONS = {
    "mean": "mean of the ranks",
    "log": "sum of the logarithms of the ranks: an architecture that one member ranks last hardly recovers (AZ-NAS)",
}


@dataclass(frozen=True)
class Ensemble:
    """Several proxies as one, by their aggregated ranks in a sample.

    Raises:
        UserError: If a value is out of range.
    """

    members: tuple[Member, ...]
    """Proxies of equal weight."""
    flops_share: float = 0.0
    """Weight of the FLOPs' rank; all members together weigh 1."""
    aggregation: str = "mean"
    """A key of :data:`AGGREGATIONS`."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.members) <= MOST_MEMBERS:
            raise UserError(f"an ensemble of {len(self.members)} members; accepted: 1 to {MOST_MEMBERS}")
        share = self.flops_share
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= LARGEST_SHARE:
            raise UserError(f"flops_share is {shown(share)}; accepted: a number from 0 to {LARGEST_SHARE:g}")
        check_named("aggregation", self.aggregation, AGGREGATIONS)
        object.__setattr__(self, "flops_share", float(share))

    def combine(self, scores: Floats, flops: Floats) -> Floats:
        """Aggregate the ranks of n architectures.

        Args:
            scores: Scores, shape (members, n); −inf where an evaluation failed.
            flops: FLOPs, shape (n,).

        Returns:
            Aggregated ranks, shape (n,): between 0 and 1 for ``mean``, 0 or less for ``log``.
        """
        aggregate = mean_ranks if self.aggregation == "mean" else log_ranks
        return (aggregate(scores) + self.flops_share * aggregate(flops[None])) / (1 + self.flops_share)


Proxy = Member | Ensemble


def members_of(proxy: Proxy) -> tuple[Member, ...]:
    """Return the members of an ensemble; any other proxy is its only member."""
    return proxy.members if isinstance(proxy, Ensemble) else (proxy,)


def first_of(proxy: Proxy) -> Member:
    """Return the first member."""
    return members_of(proxy)[0]


def with_members(proxy: Proxy, change: Callable[[Member], Member]) -> Proxy:
    """Return the proxy with ``change`` applied to every member."""
    if isinstance(proxy, Ensemble):
        return replace(proxy, members=tuple(map(change, proxy.members)))
    return change(proxy)


def with_first(proxy: Proxy, member: Member) -> Proxy:
    """Return the proxy with another first member."""
    return replace(proxy, members=(member, *proxy.members[1:])) if isinstance(proxy, Ensemble) else member


def combined(proxy: Proxy, scores: Floats, flops: Floats) -> Floats:
    """Combine the scores of a proxy's members.

    Args:
        proxy: Proxy that gave the scores.
        scores: Scores, shape (members, n).
        flops: FLOPs, shape (n,).

    Returns:
        One score per architecture, shape (n,): aggregated ranks for an ensemble, otherwise the scores themselves.
    """
    return proxy.combine(scores, flops) if isinstance(proxy, Ensemble) else scores[0]


def is_computed(proxy: Proxy) -> bool:
    """Return whether a proxy is computed on a network; sizes are counted, others read from the benchmark's table."""
    return not (isinstance(proxy, Baseline) and proxy.tabulated)


def title_of(proxy: Proxy) -> str:
    """Describe a proxy in a few words."""
    if isinstance(proxy, Ensemble):
        return f"ensemble of {len(proxy.members)}"
    if isinstance(proxy, Baseline):
        return proxy.title
    targets = (" + ".join(TARGETS[feature] for feature in branch.features) for branch in proxy.branches)
    return f"{' | '.join(targets)}, {'with' if proxy.barrier else 'without'} barrier"


def mean_ranks(scores: Floats) -> Floats:
    """Return the mean rank over rows, from 0 (lowest) to 1, shape (n,); ties share. ``scores``: shape (rows, n)."""
    n = scores.shape[1]
    return (scipy.stats.rankdata(scores, axis=1) - 1).mean(axis=0) / max(n - 1, 1)


def log_ranks(scores: Floats) -> Floats:
    """Return the sum over rows of log(rank / n), ranks from 1 (lowest) to n; ties share. ``scores``: shape (rows, n).

    Source: Lee and Ham 2024, AZ-NAS (arXiv 2403.19232), the non-linear aggregation of rankings.
    """
    return np.log(scipy.stats.rankdata(scores, axis=1) / scores.shape[1]).sum(axis=0)


def plain_values(proxy: Proxy, first: str = "configuration") -> dict[str, Any]:
    """Return JSON values: the first member under ``first``, the rest of an ensemble under ``ensemble``."""
    return {first: first_of(proxy).as_dict(), "ensemble": _others(proxy)}


def proxy_of(values: Any, first: str = "configuration") -> Proxy:
    """Return the proxy in :func:`plain_values`. Raises UserError, KeyError or TypeError."""
    return with_others(member_of(values[first]), values.get("ensemble") or None)


def to_yaml(proxy: Proxy) -> str:
    """Return the proxy as YAML: its first member and, under ``ensemble``, the rest of an ensemble."""
    values, ensemble = first_of(proxy).as_dict(), _others(proxy)
    return yaml.safe_dump(values | {"ensemble": ensemble} if ensemble else values, sort_keys=False)


def from_yaml(text: str) -> Proxy:
    """Return the proxy in a YAML document. Raises UserError."""
    values = read_yaml(text)
    ensemble = values.pop("ensemble", None) if isinstance(values, dict) else None
    return with_others(member_of(values), ensemble)


def member_of(values: Any) -> Member:
    """Return the member in plain values; those of a baseline name it under ``proxy``. Raises UserError."""
    if isinstance(values, dict) and "proxy" in values:
        return Baseline.from_dict(values)
    return Configuration.from_dict(values)


def _others(proxy: Proxy) -> dict[str, Any] | None:
    """Return all of an ensemble but its first member."""
    if not isinstance(proxy, Ensemble):
        return None
    others = [member.as_dict() for member in proxy.members[1:]]
    return {"others": others, "flops_share": proxy.flops_share, "aggregation": proxy.aggregation}


def with_others(first: Member, values: Any) -> Proxy:
    """Return the proxy with a first member and the rest of an ensemble in plain values, if any. Raises UserError."""
    if values is None:
        return first
    if not isinstance(values, dict) or not set(values) <= {"others", "flops_share", "aggregation"}:
        raise UserError(f"an ensemble is a mapping of others, flops_share, aggregation, but got {shown(values)}")
    others = values.get("others", [])
    if not isinstance(others, list | tuple):
        raise UserError(f"others is {shown(others)}; accepted: a list of configurations")
    members = (first, *(member_of(other) for other in others))
    return Ensemble(members, values.get("flops_share", 0.0), values.get("aggregation", "mean"))
