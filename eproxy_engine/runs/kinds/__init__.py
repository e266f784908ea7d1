"""The kinds of runs, by their specifications; :mod:`eproxy_engine.runs.plans` says how they are carried out."""

from __future__ import annotations

from typing import Any

from eproxy_engine.errors import check_named
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.specification import Specification

SPECIFICATIONS: dict[str, type[Specification]] = {
    specification.kind: specification
    for specification in (
        EvaluationSpecification,
        ProxySearchSpecification,
        ComparisonSpecification,
        LandscapeSpecification,
        ArchitectureSearchSpecification,
    )
}


def specification_of(kind: str, values: dict[str, Any]) -> Specification:
    """The specification of plain values. Raises UserError."""
    check_named("kind of run", kind, SPECIFICATIONS)
    return SPECIFICATIONS[kind].from_dict(values)
