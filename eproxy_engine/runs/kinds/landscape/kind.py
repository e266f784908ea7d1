"""Landscape as a kind of run."""

from __future__ import annotations

from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.landscape.command import command
from eproxy_engine.runs.kinds.landscape.cost import cost
from eproxy_engine.runs.kinds.landscape.headline import headline
from eproxy_engine.runs.kinds.landscape.plan import LandscapePlan
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification

KIND = Kind(LandscapeSpecification, LandscapePlan, cost, command, headline)
