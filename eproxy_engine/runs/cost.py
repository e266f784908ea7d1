"""Cost of runs before their launch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kinds.registry import kind_of
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Store


class Work(NamedTuple):
    """Work that runs ask for, and the part of it that is still to be done."""

    evaluations: int
    """Number of different evaluations known in advance."""
    missing: int
    """Number of those that are not stored."""
    multiply_accumulates: dict[str, float]
    """Still to be computed, by space."""
    at_most: bool
    """Whether that is an upper bound, as for a search."""


def work(store: Store, specifications: Iterable[Specification]) -> Work:
    """Return the work of all specifications together; shared evaluations count once.

    Raises:
        UserError: If a specification cannot be run.
    """
    wanted: dict[Evaluation, float] = {}
    total: defaultdict[str, float] = defaultdict(float)
    for specification in specifications:
        cost = kind_of(specification).cost(specification)
        wanted |= cost.evaluations
        total[specification.space] += cost.search
    at_most = any(total.values())
    stored = store.outcomes(wanted)
    missing = {each: operations for each, operations in wanted.items() if each.key not in stored}
    for evaluation, operations in missing.items():
        total[evaluation.space] += operations
    left = {space: operations for space, operations in total.items() if operations}
    return Work(len(wanted), len(missing), left, at_most)
