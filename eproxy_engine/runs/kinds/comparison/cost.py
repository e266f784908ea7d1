"""Cost of a comparison."""

from __future__ import annotations

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.cost import cost as cost_of_evaluations


def cost(given: ComparisonSpecification) -> Cost:
    """Return the cost of every proxy with every seed. Raises UserError."""
    wanted: dict[Evaluation, float] = {}
    for seed in given.seeds:
        for proxy in given.proxies:
            wanted |= cost_of_evaluations(given.evaluation_run(proxy, seed)).evaluations
    return Cost(wanted)
