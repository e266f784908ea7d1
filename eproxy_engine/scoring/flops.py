"""Norm of the FLOPs in α's term of the score (§2.2, item 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from eproxy_engine import spaces
from eproxy_engine.proxy import Configuration
from eproxy_engine.scoring.proxy import Member

if TYPE_CHECKING:
    import pandas as pd

Numbers = TypeVar("Numbers", float, "pd.Series")


def flops_norm(member: Member, space: str, flops: Numbers) -> Numbers:
    """Divide FLOPs by those of the largest architecture.

    Args:
        member: Proxy that is scored; a configuration says which architecture is the largest.
        space: Name of the search space.
        flops: FLOPs of one or several architectures.

    Returns:
        FLOPs over those of the largest architecture of the space or, if the configuration says so, of the largest
        measured one. Where none is measured, the two are the same.
    """
    if isinstance(member, Configuration) and member.flops_norm == "measured":
        from eproxy_engine import benchmarks

        measured = benchmarks.load(space)["flops"].max()
        if measured > 0:  # not so where it is nan
            return flops / measured
    return flops / spaces.get(space).largest_flops
