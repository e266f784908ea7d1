"""Proxies that are read from the benchmark's table and need no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eproxy_engine.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

SIZES = {"parameters": "Parameters", "flops": "FLOPs"}
"""Trainable parameters and FLOPs of the published network."""
EARLY_STOPPING = re.compile(r"early_stopping@(\d+)")
"""Accuracy after a number of epochs, where the table has it."""
ABOUT = "No cost here: parameters and FLOPs are counted, accuracies after a few epochs come from the table."


def is_tabulated(name: str) -> bool:
    """Return whether the proxy is read from the table."""
    return name in SIZES or EARLY_STOPPING.fullmatch(name) is not None


def title(name: str) -> str:
    """Return the title on pages.

    >>> title("flops"), title("early_stopping@12")
    ('FLOPs', 'Early stopping, 12 epochs')
    """
    if name in SIZES:
        return SIZES[name]
    return f"Early stopping, {name.removeprefix('early_stopping@')} epochs"


def available(table: pd.DataFrame) -> list[str]:
    """Return the names of the tabulated proxies that a table as of :func:`benchmarks.known` contains."""
    epochs = sorted(int(str(c).removeprefix("accuracy@")) for c in table if str(c).startswith("accuracy@"))
    known = [each for each in epochs if table[f"accuracy@{each}"].notna().any()]
    return [*SIZES, *(f"early_stopping@{each}" for each in known)]


def scores(name: str, table: pd.DataFrame) -> pd.Series:
    """Return one value per row, nan where it is missing. Raises UserError if the table has no such column."""
    if name in SIZES:
        return table[name].astype(float)
    column = name.replace("early_stopping", "accuracy")
    if column not in table:
        raise UserError(f"{name!r} is not in the table; accepted: {', '.join(available(table))}")
    return table[column].astype(float)
