"""Estimated cost of evaluations."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.proxy.choices import GRID, STAGES
from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.evaluation import Setting

FORWARD_AND_BACKWARD = 3
"""Multiply–accumulates of a training step over those of a forward pass."""
STARTING = 1e9
"""Fixed cost of an iteration for starting its hundreds of operations, most of the cost at small widths."""
PROCESS_BYTES = 400e6
"""Memory of a process before it trains: Python, torch, the images."""
BYTES_AN_ACTIVATION = 7
"""Bytes per activation: four, and those of gradients; measured, 1.7 to 2 times the activations (docs/RESULTS.md)."""
BYTES_A_PARAMETER = 16
"""Bytes per parameter: weight, gradient, momentum and a copy in the processor's own layout."""


def multiply_accumulates(configuration: Configuration, space: str, flops: float) -> float:
    """Estimate the multiply–accumulates of an evaluation.

    ``flops``: those of the architecture at the published width, for one image. The backbone's grow with the square of
    the width; the heads' are those on a network that doubles its channels from stage to stage.
    """
    width = spaces.get(space).stem_channels(configuration.width)
    backbone = FORWARD_AND_BACKWARD * flops * _scale(configuration, space) ** 2
    heads = 0
    for branch in configuration.branches:
        c_in = width * 2 ** (len(STAGES) - 1 - STAGES.index(branch.stage))
        heads += FORWARD_AND_BACKWARD * c_in * branch.c_mid * branch.transform_kernel**2
        if configuration.barrier:  # forward, and backward to the transform layer, without gradients of its weights
            heads += 2 * branch.c_mid * branch.c_out * branch.barrier_kernel**2
    return configuration.iterations * (STARTING + configuration.batch * (backbone + heads * GRID**2))


def peak_bytes(setting: Setting, space: str, activations: float, parameters: float) -> float:
    """Estimate the memory of one process in bytes.

    ``activations``, ``parameters``: those of the architecture at the published width, for one image
    (:class:`eproxy_engine.spaces.complexity.Complexity`).
    """
    scale = _scale(setting, space)
    kept = BYTES_AN_ACTIVATION * setting.batch * activations * scale
    return PROCESS_BYTES + kept + BYTES_A_PARAMETER * parameters * scale**2


def _scale(setting: Setting, space: str) -> float:
    family = spaces.get(space)
    return family.stem_channels(setting.width) / family.published_width
