"""All kinds of runs."""

from __future__ import annotations

from typing import Any

from eproxy_engine.errors import check_named
from eproxy_engine.runs.kind import Kind
from eproxy_engine.runs.kinds.architecture_search.kind import KIND as ARCHITECTURE_SEARCH
from eproxy_engine.runs.kinds.comparison.kind import KIND as COMPARISON
from eproxy_engine.runs.kinds.evaluation.kind import KIND as EVALUATION
from eproxy_engine.runs.kinds.landscape.kind import KIND as LANDSCAPE
from eproxy_engine.runs.kinds.proxy_search.kind import KIND as PROXY_SEARCH
from eproxy_engine.runs.kinds.ranking.kind import KIND as RANKING
from eproxy_engine.runs.plan import Plan
from eproxy_engine.runs.specification import Specification

KINDS: dict[str, Kind[Any]] = {
    kind.name: kind for kind in (EVALUATION, PROXY_SEARCH, COMPARISON, LANDSCAPE, ARCHITECTURE_SEARCH, RANKING)
}


def kind_of(specification: Specification) -> Kind[Any]:
    """Return the kind of a run with this specification."""
    return KINDS[specification.kind]


def plan_of(specification: Specification) -> Plan:
    """Return a new plan for a run with this specification."""
    return kind_of(specification).plan(specification)


def specification_of(kind: str, values: dict[str, Any]) -> Specification:
    """Return a specification from plain values.

    Args:
        kind: Name of the kind of run.
        values: What :meth:`Specification.as_dict` returned.

    Raises:
        UserError: If the kind is unknown or the values are not a specification of it.
    """
    check_named("kind of run", kind, KINDS)
    return KINDS[kind].specification.from_dict(values)
