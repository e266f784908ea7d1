"""What evaluations will cost, before any is run."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.proxy.choices import GRID, STAGES
from eproxy_engine.proxy.configuration import Configuration

FORWARD_AND_BACKWARD = 3
"""Multiply–accumulates of a training step over those of a forward pass."""
TYPICAL_SPEED = 1.0e10
"""Multiply–accumulates a second of one core, until a run on this machine has shown its own."""


def multiply_accumulates(configuration: Configuration, space: str, flops: float) -> float:
    """About how many an evaluation takes. ``flops``: of the architecture at the published width, for one image.

    The backbone's grow with the square of the width; the heads' are added.
    """
    family = spaces.get(space)
    widths = {"small": family.small_width, "published": family.published_width}
    width = int(widths.get(str(configuration.width), configuration.width))
    backbone = FORWARD_AND_BACKWARD * flops * (width / family.published_width) ** 2
    heads = 0
    for branch in configuration.branches:
        c_in = width * 2 ** (len(STAGES) - 1 - STAGES.index(branch.stage))
        heads += FORWARD_AND_BACKWARD * c_in * branch.c_mid * branch.transform_kernel**2
        if configuration.barrier:  # no gradient of its weights: forward, and backward to the transform layer
            heads += 2 * branch.c_mid * branch.c_out * branch.barrier_kernel**2
    return configuration.iterations * configuration.batch * (backbone + heads * GRID**2)
