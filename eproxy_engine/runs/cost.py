"""What runs would take, before they are launched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.registry import kind_of
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Store


def cost(specification: Specification) -> Cost:
    """Work of a run if nothing were stored. Raises UserError."""
    return kind_of(specification).cost(specification)


def work(store: Store, specifications: Iterable[Specification]) -> dict[str, float]:
    """Multiply–accumulates still to be computed for all of them together, by space; at most, where one is a search.

    What is stored costs nothing, and what several of them ask for is computed once. Raises UserError.
    """
    given = list(specifications)
    total: defaultdict[str, float] = defaultdict(float)
    for specification in given:
        total[specification.space] += cost(specification).search
    for evaluation, operations in missing(store, given).items():
        total[evaluation.space] += operations
    return {space: operations for space, operations in total.items() if operations}


def missing(store: Store, specifications: Iterable[Specification]) -> dict[Evaluation, float]:
    """Evaluations that they are known to need and the store does not have, each with its multiply–accumulates.

    Raises UserError.
    """
    wanted: dict[Evaluation, float] = {}
    for specification in specifications:
        wanted |= cost(specification).evaluations
    stored = store.outcomes(wanted)
    return {evaluation: operations for evaluation, operations in wanted.items() if evaluation.key not in stored}
