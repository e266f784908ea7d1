"""Programs that only go forward: less to keep, so more of it stays in the processor's caches."""

from __future__ import annotations

from torch import nn

from eproxy_engine.native.layout import Layout
from eproxy_engine.native.plan import Plan
from eproxy_engine.native.program import planned


def forward_only(network: nn.Module, shape: tuple[int, int, int, int]) -> Layout:
    """Trace a network and lay it out in memory, without the way back.

    Args:
        network: As for :func:`eproxy_engine.native.program.compiled`.
        shape: Shape of the images, ``[b, 3, h, w]``.

    Raises:
        Untraceable: If the kernels cannot compute it.
    """
    plan: Plan = planned(network, shape)
    plan.backward = []
    return Layout.of(plan, shape[0])
