"""Cost of a learned ranking."""

from __future__ import annotations

from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification
from eproxy_engine.scoring.cost import multiply_accumulates


def cost(given: RankingSpecification) -> Cost:
    """Return the cost of each evaluation whose score does not ship. Raises UserError."""
    rows = given.candidates()
    flops = dict(zip(rows["network"], rows["flops"], strict=True))
    return Cost(
        {
            evaluation: multiply_accumulates(score.member, given.space, flops[network])
            for score in given.panel.scores
            for network, evaluation in zip(given.missing(score), given.evaluations_of(score), strict=True)
        }
    )
