"""Cost of runs before their launch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.registry import kind_of
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Store


def cost(specification: Specification) -> Cost:
    """Return the work of a run if nothing were stored. Raises UserError."""
    return kind_of(specification).cost(specification)


def work(store: Store, specifications: Iterable[Specification]) -> dict[str, float]:
    """Return the multiply–accumulates still to be computed for all specifications together, by space.

    Stored evaluations cost nothing, and shared ones count once. The work of a search is an upper bound.

    Raises:
        UserError: If a specification cannot be run.
    """
    given = list(specifications)
    total: defaultdict[str, float] = defaultdict(float)
    for specification in given:
        total[specification.space] += cost(specification).search
    for evaluation, operations in missing(store, given).items():
        total[evaluation.space] += operations
    return {space: operations for space, operations in total.items() if operations}


def missing(store: Store, specifications: Iterable[Specification]) -> dict[Evaluation, float]:
    """Return the evaluations known to be needed but not stored, with their multiply–accumulates. Raises UserError."""
    wanted: dict[Evaluation, float] = {}
    for specification in specifications:
        wanted |= cost(specification).evaluations
    stored = store.outcomes(wanted)
    return {evaluation: operations for evaluation, operations in wanted.items() if evaluation.key not in stored}
