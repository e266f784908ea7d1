"""The kinds of runs, by their specifications; :mod:`eproxy_engine.runs.plans` says how they are carried out."""

from __future__ import annotations

from typing import Any

from eproxy_engine.errors import check_named
from eproxy_engine.runs.comparison_specification import ComparisonSpecification
from eproxy_engine.runs.dps_specification import DpsSpecification
from eproxy_engine.runs.landscape_specification import LandscapeSpecification
from eproxy_engine.runs.search_specification import SearchSpecification
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.sweep_specification import SweepSpecification

SPECIFICATIONS: dict[str, type[Specification]] = {
    specification.kind: specification
    for specification in (
        SweepSpecification,
        DpsSpecification,
        ComparisonSpecification,
        LandscapeSpecification,
        SearchSpecification,
    )
}


def specification_of(kind: str, values: dict[str, Any]) -> Specification:
    """The specification of plain values. Raises UserError."""
    check_named("kind of run", kind, SPECIFICATIONS)
    return SPECIFICATIONS[kind].from_dict(values)
