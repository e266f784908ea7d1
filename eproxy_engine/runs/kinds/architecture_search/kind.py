"""Architecture search as a kind of run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.architecture_search.command import command
from eproxy_engine.runs.kinds.architecture_search.cost import cost
from eproxy_engine.runs.kinds.architecture_search.headline import headline
from eproxy_engine.runs.kinds.architecture_search.plan import ArchitectureSearchPlan
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification

KIND = Kind(ArchitectureSearchSpecification, ArchitectureSearchPlan, cost, command, headline)
