"""Result of an architecture search in one line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from eproxy_engine import benchmarks
from eproxy_engine.errors import UserError
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.in_words import counted, digits


def headline(given: ArchitectureSearchSpecification, result: Mapping[str, Any]) -> str:
    """Say how often and how soon the best measured architecture was found, else how good the best found is.

    Seeds that did not find it count as later than all that did, so the median is one of all seeds.
    """
    searches = result["searches"]
    if not any(each["queries"] for each in searches):
        return f"best by score out of {counted(sum(each['scored'] for each in searches), 'architecture')}, none queried"
    found = [each["queries_to_optimum"] for each in searches if each["queries_to_optimum"] is not None]
    if found and len(searches) == 1:
        return f"optimum after {counted(found[0], 'query', 'queries')}"
    if found:
        median = _median([each["queries_to_optimum"] or math.inf for each in searches])
        late = f"within {given.settings.queries:,} queries"
        soon = f"after {median:,.0f} queries (median)" if median < math.inf else late
        return f"optimum in {len(found)} of {len(searches)} seeds, {soon}"
    best = result["accuracy"]["mean"]
    reached = "no architecture of known accuracy" if best is None else f"best {_accuracy(given, best)}"
    return f"{reached} after {counted(max(each['queries'] for each in searches), 'query', 'queries')}, not the optimum"


def _median(values: list[float]) -> float:
    """Return the upper median, which is one of the values."""
    return sorted(values)[len(values) // 2]


def _accuracy(given: ArchitectureSearchSpecification, value: float) -> str:
    try:
        unit = benchmarks.task(given.space, given.task).unit
    except UserError:  # the space's plug-in is gone
        unit = ""
    return f"{digits(value)}%" if unit == "%" else digits(value, 4)
