"""Evaluation run as a kind of run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.evaluation.command import command
from eproxy_engine.runs.kinds.evaluation.cost import cost
from eproxy_engine.runs.kinds.evaluation.headline import headline
from eproxy_engine.runs.kinds.evaluation.plan import EvaluationPlan
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification

KIND = Kind(EvaluationSpecification, EvaluationPlan, cost, command, headline)
