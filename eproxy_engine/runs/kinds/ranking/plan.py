"""Plan of a learned ranking."""

from __future__ import annotations

from typing import Any

from eproxy_engine.runs.kinds.ranking.problem import problem_of
from eproxy_engine.runs.kinds.ranking.result import judged
from eproxy_engine.runs.kinds.ranking.scores import seconds_per_architecture
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.statistics import or_none


class RankingPlan(Plan):
    """Plan of a learned ranking: the scores that do not ship, then the judgement."""

    def __init__(self, specification: RankingSpecification) -> None:
        self._specification = specification

    def steps(self) -> Steps:
        """Yield all evaluations at once."""
        yield self._specification.evaluations()

    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """Return what :func:`eproxy_engine.runs.kinds.ranking.result.judged` finds; None while scores are missing."""
        problem = problem_of(self._specification, outcomes)
        if problem is None:
            return None
        seconds = seconds_per_architecture(self._specification, outcomes)
        return {**judged(problem), "seconds_per_architecture": or_none(seconds)}
