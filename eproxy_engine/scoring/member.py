"""What can score architectures by itself: an Eproxy configuration, or one of the proxies it is compared with."""

from __future__ import annotations

from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.proxy import Configuration

Member = Configuration | Baseline


def is_computed(member: Member) -> bool:
    """Whether it is computed of a network; what is not is counted, or read from the benchmark's table."""
    return not (isinstance(member, Baseline) and member.tabulated)


def member_of(values: Any) -> Member:
    """The member of plain values: those of a baseline name it under ``proxy``. Raises UserError."""
    if isinstance(values, dict) and "proxy" in values:
        return Baseline.from_dict(values)
    return Configuration.from_dict(values)
