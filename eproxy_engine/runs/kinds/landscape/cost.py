"""Cost of loss landscapes."""

from __future__ import annotations

from eproxy_engine.landscape.cost import multiply_accumulates
from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification


def cost(given: LandscapeSpecification) -> Cost:
    """Return the cost of each part of each surface. Raises UserError."""
    flops = given.architectures().set_index("architecture")["flops"]
    return Cost(
        {
            evaluation: multiply_accumulates(evaluation.configuration, given.space, float(flops[surface.architecture]))
            for surface in given.surfaces()
            for evaluation in given.evaluations(surface)
        }
    )
