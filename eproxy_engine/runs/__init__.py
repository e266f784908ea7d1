"""Runs: what somebody launched, the store that keeps its evaluations, and the workers that carry it out."""

from eproxy_engine.runs.comparison_specification import ComparisonSpecification
from eproxy_engine.runs.dps_specification import DpsSpecification
from eproxy_engine.runs.landscape_specification import LandscapeSpecification
from eproxy_engine.runs.search_specification import SearchSpecification
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Run, Store
from eproxy_engine.runs.sweep_specification import SweepSpecification

__all__ = [
    "ComparisonSpecification",
    "DpsSpecification",
    "LandscapeSpecification",
    "Run",
    "SearchSpecification",
    "Specification",
    "Store",
    "SweepSpecification",
]
