"""Estimated cost of the parts of a landscape."""

from __future__ import annotations

from dataclasses import replace

from eproxy_engine.landscape.part import LINE_STEPS, Part, path_iterations
from eproxy_engine.proxy import cost
from eproxy_engine.proxy.evaluation import Setting

PRODUCTS = 30
"""Products with the Hessian for a curvature: at most 20 of power iteration, and Hutchinson's."""
PASSES_A_PRODUCT = 4
"""Cost of a product, in forward passes."""


def multiply_accumulates(part: Setting, space: str, flops: float) -> float:
    """Estimate the multiply–accumulates of a part, without the training to the centre, done once for all rows.

    ``flops``: those of the architecture at the published width, for one image.
    """
    assert isinstance(part, Part)
    once = replace(part.configuration, iterations=1)
    return _passes(part) * cost.multiply_accumulates(once, space, flops) / cost.FORWARD_AND_BACKWARD


def _passes(part: Part) -> float:
    """Return the cost of a part, in forward passes."""
    iterations = part.configuration.iterations
    if part.piece == "row":
        return part.view.steps
    if part.piece == "curvature":
        return PRODUCTS * PASSES_A_PRODUCT
    if part.piece == "frame":
        return cost.FORWARD_AND_BACKWARD * iterations + len(path_iterations(iterations))
    return LINE_STEPS
