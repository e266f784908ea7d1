"""What evaluations will cost, before any is run."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.proxy.choices import GRID, STAGES
from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.evaluation import Setting

FORWARD_AND_BACKWARD = 3
"""Multiply–accumulates of a training step over those of a forward pass."""
STARTING = 1e9
"""Of an iteration, whatever its size: what starting its hundreds of operations costs. At small widths it is most."""
PROCESS_BYTES = 400e6
"""Of a process before it trains anything: Python, torch, the images."""
BYTES_AN_ACTIVATION = 7
"""Four, and what gradients on their way take: measured, 1.7 to 2 times the activations (docs/RESULTS.md)."""
BYTES_A_PARAMETER = 16
"""Weight, gradient, momentum and a copy in the processor's own layout."""


def multiply_accumulates(configuration: Configuration, space: str, flops: float) -> float:
    """About how many an evaluation takes. ``flops``: of the architecture at the published width, for one image.

    The backbone's grow with the square of the width; the heads' are added, as on a network that doubles its channels.
    """
    width = spaces.get(space).stem_channels(configuration.width)
    backbone = FORWARD_AND_BACKWARD * flops * _scale(configuration, space) ** 2
    heads = 0
    for branch in configuration.branches:
        c_in = width * 2 ** (len(STAGES) - 1 - STAGES.index(branch.stage))
        heads += FORWARD_AND_BACKWARD * c_in * branch.c_mid * branch.transform_kernel**2
        if configuration.barrier:  # no gradient of its weights: forward, and backward to the transform layer
            heads += 2 * branch.c_mid * branch.c_out * branch.barrier_kernel**2
    return configuration.iterations * (STARTING + configuration.batch * (backbone + heads * GRID**2))


def peak_bytes(setting: Setting, space: str, activations: float, parameters: float) -> float:
    """About how much memory one process needs. ``activations``, ``parameters``: of the architecture at the published
    width, for one image (:class:`eproxy_engine.spaces.complexity.Complexity`)."""
    scale = _scale(setting, space)
    kept = BYTES_AN_ACTIVATION * setting.batch * activations * scale
    return PROCESS_BYTES + kept + BYTES_A_PARAMETER * parameters * scale**2


def _scale(setting: Setting, space: str) -> float:
    family = spaces.get(space)
    return family.stem_channels(setting.width) / family.published_width
