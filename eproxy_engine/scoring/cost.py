"""Cost of evaluations of any proxy, estimated in advance."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.baselines import Baseline, registry
from eproxy_engine.proxy import cost
from eproxy_engine.proxy.cost import STARTING
from eproxy_engine.scoring.proxy import Member


def multiply_accumulates(member: Member, space: str, flops: float) -> float:
    """Estimate the multiply–accumulates of one evaluation.

    Args:
        member: Proxy of the evaluation.
        space: Name of the search space.
        flops: FLOPs of the architecture for one image at the published width.
    """
    if not isinstance(member, Baseline):
        return cost.multiply_accumulates(member, space, flops)
    if member.tabulated:
        return 0.0
    family = spaces.get(space)
    scale = family.stem_channels(member.width) / family.published_width
    passes = registry.get(member.name).passes
    return passes / cost.FORWARD_AND_BACKWARD * STARTING + passes * member.batch * flops * scale**2
