"""Learned ranking as a kind of run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.ranking.command import command
from eproxy_engine.runs.kinds.ranking.cost import cost
from eproxy_engine.runs.kinds.ranking.headline import headline
from eproxy_engine.runs.kinds.ranking.plan import RankingPlan
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification

KIND = Kind(RankingSpecification, RankingPlan, cost, command, headline)
