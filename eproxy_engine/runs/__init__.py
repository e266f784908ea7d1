"""Runs: their specifications, the store of their evaluations, and the workers that carry them out."""

from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Run, Store

__all__ = [
    "ArchitectureSearchSpecification",
    "ComparisonSpecification",
    "EvaluationSpecification",
    "LandscapeSpecification",
    "ProxySearchSpecification",
    "RankingSpecification",
    "Run",
    "Specification",
    "Store",
]
