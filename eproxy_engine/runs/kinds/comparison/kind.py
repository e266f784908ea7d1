"""Comparison as a kind of run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.comparison.command import command
from eproxy_engine.runs.kinds.comparison.cost import cost
from eproxy_engine.runs.kinds.comparison.headline import headline
from eproxy_engine.runs.kinds.comparison.plan import ComparisonPlan
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification

KIND = Kind(ComparisonSpecification, ComparisonPlan, cost, command, headline)
