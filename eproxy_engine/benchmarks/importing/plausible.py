"""Plausibility of columns: impossible values are refused, and the user must confirm unlikely ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.benchmarks.importing.columns import Column
from eproxy_engine.errors import UserError

PER_CENT = "%"
RANGES: dict[str | None, tuple[float, float]] = {PER_CENT: (0, 100), "fraction": (0, 1)}
"""Ranges of accuracies by unit; those of other units are unknown."""
NO_ACCURACIES = (
    *("seed", "index", "idx", "id", "rank", "epoch", "epochs", "time", "latency", "ms", "sec", "seconds", "hours"),
    *("memory", "mb", "gb", "energy", "throughput", "params", "macs", "loss", "losses", "error", "errors", "err"),
)
"""Words in the names of columns that hold no accuracies."""
ENOUGH_FOR_A_GUESS = 5
"""Minimum number of rows for a guess."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def check_range(column: Column, value: float) -> None:
    """Raise UserError for a value outside the range of the column's unit."""
    low, high = RANGES.get(column.unit, (-np.inf, np.inf))
    if not low <= value <= high:
        raise UserError(
            f"{column.name} is {value:g}, in {column.unit!r}; accepted: {low:g} to {high:g}, or another unit in the "
            f"header, as in '{column.name} (UNIT)'"
        )


def doubts(column: Column, values: NDArray[np.float64], own: Iterable[str]) -> list[str]:
    """Return the doubts about a column, a sentence each.

    ``values``: the known values, row by row; ``own``: the search space's own tasks.
    """
    asked = []
    if column.task not in own and any(word.lower() in NO_ACCURACIES for word in _WORD.findall(column.task)):
        asked.append(f"The name {column.name!r} does not look like an accuracy, where higher is better.")
    if len(values) >= ENOUGH_FOR_A_GUESS and (np.diff(values) == 1).all():
        asked.append(f"The values of {column.name!r} are row numbers: {values[0]:g}, {values[1]:g}, {values[2]:g} …")
    if column.unit == PER_CENT:
        fractions, others = values[(values > 0) & (values < 1)], values[values > 1]
        if len(fractions) and len(others):
            asked.append(
                f"{column.name!r} is in per cent, but has {fractions[0]:g} beside {others[0]:g}. Are some fractions?"
            )
        elif len(values) >= ENOUGH_FOR_A_GUESS and values.max() <= 1:
            asked.append(f"{column.name!r} is in per cent, but no value is above 1. Are they fractions?")
    return asked
