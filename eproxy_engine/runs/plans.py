"""How runs of each kind are carried out."""

from __future__ import annotations

from eproxy_engine.runs.kinds.architecture_search.plan import ArchitectureSearchPlan
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.comparison.plan import ComparisonPlan
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.plan import EvaluationPlan
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.landscape.plan import LandscapePlan
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification
from eproxy_engine.runs.kinds.proxy_search.plan import ProxySearchPlan
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.plan import Plan
from eproxy_engine.runs.specification import Specification


def plan_of(specification: Specification) -> Plan:
    """The plan of a run, at its beginning."""
    if isinstance(specification, ProxySearchSpecification):
        return ProxySearchPlan(specification)
    if isinstance(specification, ComparisonSpecification):
        return ComparisonPlan(specification)
    if isinstance(specification, LandscapeSpecification):
        return LandscapePlan(specification)
    if isinstance(specification, ArchitectureSearchSpecification):
        return ArchitectureSearchPlan(specification)
    assert isinstance(specification, EvaluationSpecification)
    return EvaluationPlan(specification)
