"""What parts of a landscape will cost, before any is computed."""

from __future__ import annotations

from dataclasses import replace

from eproxy_engine.landscape.part import LINE_STEPS, Part, path_iterations
from eproxy_engine.proxy import cost
from eproxy_engine.proxy.evaluation import Setting

PRODUCTS = 30
"""Products with the Hessian for a curvature: most of power iteration's, and Hutchinson's."""
PASSES_A_PRODUCT = 4
"""Forward passes that take as long."""


def multiply_accumulates(part: Setting, space: str, flops: float) -> float:
    """About how many, without the training that leads to the centre: a process does it once for all rows.

    ``flops``: of the architecture at the published width, for one image.
    """
    assert isinstance(part, Part)
    once = replace(part.configuration, iterations=1)
    return _passes(part) * cost.multiply_accumulates(once, space, flops) / cost.FORWARD_AND_BACKWARD


def _passes(part: Part) -> float:
    """Forward passes that take as long."""
    iterations = part.configuration.iterations
    if part.piece == "row":
        return part.view.steps
    if part.piece == "curvature":
        return PRODUCTS * PASSES_A_PRODUCT
    if part.piece == "frame":
        return cost.FORWARD_AND_BACKWARD * iterations + len(path_iterations(iterations))
    return LINE_STEPS
