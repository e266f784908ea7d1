"""Cost of an evaluation run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.scoring import members_of
from eproxy_engine.scoring.cost import multiply_accumulates


def cost(given: EvaluationSpecification) -> Cost:
    """Return the cost of each evaluation of each member. Raises UserError."""
    flops = given.architectures()["flops"]
    return Cost(
        {
            evaluation: multiply_accumulates(member, given.space, architecture)
            for member in members_of(given.proxy)
            for evaluation, architecture in zip(given.evaluations_of(member), flops, strict=False)
        }
    )
