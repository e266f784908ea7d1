"""What scores architectures: an Eproxy configuration, another proxy, or several of them whose ranks are aggregated.

Ranks have no scale, so losses on different targets and other proxies' values can be put together; what one member gets
wrong by chance, the others make up for.
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
LARGEST_SHARE = 4.0
AGGREGATIONS = {
    "mean": "mean of the ranks",
    "log": "sum of the logarithms of the ranks: who is last for one member hardly recovers (AZ-NAS)",
}


@dataclass(frozen=True)
class Ensemble:
    """Several proxies as one: their ranks in a sample, aggregated. Raises UserError."""

    members: tuple[Member, ...]
    """Each weighs the same."""
    flops_share: float = 0.0
    """Weight of the FLOPs' rank beside that of all members together, 1: what is small and what is large both count."""
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
        """Aggregated ranks, shape (n,): between 0 and 1 for ``mean``, 0 or less for ``log``.

        ``scores``: shape (members, n), −inf where an evaluation failed; ``flops``: shape (n,).
        """
        aggregate = mean_ranks if self.aggregation == "mean" else log_ranks
        return (aggregate(scores) + self.flops_share * aggregate(flops[None])) / (1 + self.flops_share)


Proxy = Member | Ensemble


def members_of(proxy: Proxy) -> tuple[Member, ...]:
    """The members of an ensemble; any other proxy is its only one."""
    return proxy.members if isinstance(proxy, Ensemble) else (proxy,)


def first_of(proxy: Proxy) -> Member:
    """The first member."""
    return members_of(proxy)[0]


def with_members(proxy: Proxy, change: Callable[[Member], Member]) -> Proxy:
    """The proxy with every member changed."""
    if isinstance(proxy, Ensemble):
        return replace(proxy, members=tuple(map(change, proxy.members)))
    return change(proxy)


def with_first(proxy: Proxy, member: Member) -> Proxy:
    """The proxy with another first member."""
    return replace(proxy, members=(member, *proxy.members[1:])) if isinstance(proxy, Ensemble) else member


def combined(proxy: Proxy, scores: Floats, flops: Floats) -> Floats:
    """One score an architecture, shape (n,): aggregated ranks of an ensemble, else the scores themselves.

    ``scores``: shape (members, n); ``flops``: shape (n,).
    """
    return proxy.combine(scores, flops) if isinstance(proxy, Ensemble) else scores[0]


def is_computed(proxy: Proxy) -> bool:
    """Whether it is computed of a network; sizes are counted, others read from the benchmark's table."""
    return not (isinstance(proxy, Baseline) and proxy.tabulated)


def title_of(proxy: Proxy) -> str:
    """What a proxy is, in a few words."""
    if isinstance(proxy, Ensemble):
        return f"ensemble of {len(proxy.members)}"
    if isinstance(proxy, Baseline):
        return proxy.title
    features = " | ".join("+".join(branch.features) for branch in proxy.branches)
    return f"{features}, {'barrier' if proxy.barrier else 'no barrier'}"


def mean_ranks(scores: Floats) -> Floats:
    """Mean over the rows of each architecture's rank, from 0 (lowest) to 1; ties share. ``scores``: shape (rows, n)."""
    n = scores.shape[1]
    return (scipy.stats.rankdata(scores, axis=1) - 1).mean(axis=0) / max(n - 1, 1)


def log_ranks(scores: Floats) -> Floats:
    """Sum over the rows of log(rank / n), ranks from 1 (lowest) to n; ties share. ``scores``: shape (rows, n).

    Source: Lee and Ham 2024, AZ-NAS (arXiv 2403.19232), the non-linear aggregation of rankings.
    """
    return np.log(scipy.stats.rankdata(scores, axis=1) / scores.shape[1]).sum(axis=0)


def plain_values(proxy: Proxy, first: str = "configuration") -> dict[str, Any]:
    """JSON values: the first member under ``first`` and, under ``ensemble``, what its ranks are aggregated with."""
    return {first: first_of(proxy).as_dict(), "ensemble": _others(proxy)}


def proxy_of(values: Any, first: str = "configuration") -> Proxy:
    """The proxy of :func:`plain_values`. Raises UserError, KeyError or TypeError."""
    return with_others(member_of(values[first]), values.get("ensemble") or None)


def to_yaml(proxy: Proxy) -> str:
    """The proxy as a document: its first member and, under ``ensemble``, what its ranks are aggregated with."""
    values, ensemble = first_of(proxy).as_dict(), _others(proxy)
    return yaml.safe_dump(values | {"ensemble": ensemble} if ensemble else values, sort_keys=False)


def from_yaml(text: str) -> Proxy:
    """The proxy in a document. Raises UserError."""
    values = read_yaml(text)
    ensemble = values.pop("ensemble", None) if isinstance(values, dict) else None
    return with_others(member_of(values), ensemble)


def member_of(values: Any) -> Member:
    """The member of plain values: those of a baseline name it under ``proxy``. Raises UserError."""
    if isinstance(values, dict) and "proxy" in values:
        return Baseline.from_dict(values)
    return Configuration.from_dict(values)


def _others(proxy: Proxy) -> dict[str, Any] | None:
    """All of an ensemble but its first member."""
    if not isinstance(proxy, Ensemble):
        return None
    others = [member.as_dict() for member in proxy.members[1:]]
    return {"others": others, "flops_share": proxy.flops_share, "aggregation": proxy.aggregation}


def with_others(first: Member, values: Any) -> Proxy:
    """The proxy of a first member and plain values of the ensemble, None for none. Raises UserError."""
    if values is None:
        return first
    if not isinstance(values, dict) or not set(values) <= {"others", "flops_share", "aggregation"}:
        raise UserError(f"an ensemble is a mapping of others, flops_share, aggregation, but got {shown(values)}")
    others = values.get("others", [])
    if not isinstance(others, list | tuple):
        raise UserError(f"others is {shown(others)}; accepted: a list of configurations")
    members = (first, *(member_of(other) for other in others))
    return Ensemble(members, values.get("flops_share", 0.0), values.get("aggregation", "mean"))
