"""How runs of each kind are carried out."""

from __future__ import annotations

from eproxy_engine.runs.comparison import ComparisonPlan
from eproxy_engine.runs.comparison_specification import ComparisonSpecification
from eproxy_engine.runs.dps_plan import DpsPlan
from eproxy_engine.runs.dps_specification import DpsSpecification
from eproxy_engine.runs.landscape_plan import LandscapePlan
from eproxy_engine.runs.landscape_specification import LandscapeSpecification
from eproxy_engine.runs.plan import Plan
from eproxy_engine.runs.search_plan import SearchPlan
from eproxy_engine.runs.search_specification import SearchSpecification
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.sweep import SweepPlan
from eproxy_engine.runs.sweep_specification import SweepSpecification


def plan_of(specification: Specification) -> Plan:
    """The plan of a run, at its beginning."""
    if isinstance(specification, DpsSpecification):
        return DpsPlan(specification)
    if isinstance(specification, ComparisonSpecification):
        return ComparisonPlan(specification)
    if isinstance(specification, LandscapeSpecification):
        return LandscapePlan(specification)
    if isinstance(specification, SearchSpecification):
        return SearchPlan(specification)
    assert isinstance(specification, SweepSpecification)
    return SweepPlan(specification)
