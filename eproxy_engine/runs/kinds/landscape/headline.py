"""Result of a run of landscapes in one line."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean
from typing import Any

from eproxy_engine.runs.kinds.in_words import counted
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification


def headline(given: LandscapeSpecification, result: Mapping[str, Any]) -> str:
    """Say how many surfaces there are and, if there are both, how rugged they are with and without the barrier."""
    rows = result["surfaces"]
    count = counted(len(rows), "surface")
    rugged = {}
    for barrier in (True, False):
        values = [row.get("log_ruggedness") for row in rows if row["barrier"] is barrier]
        known = [value for value in values if value is not None]
        if known:
            rugged[barrier] = fmean(known)
    if len(rugged) < 2:
        return count
    return f"{count}, ruggedness {rugged[True]:.2g} with the barrier, {rugged[False]:.2g} without"
