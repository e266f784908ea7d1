"""What stands in a cell of a table: a number, a text, nothing, or a value with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from eproxy_engine.errors import UserError

PARTS = {"value", "to", "sd", "se", "low", "high", "count", "of", "p", "seeds", "unit", "best"}
"""``value`` (``to``: a range), its standard deviation ``sd`` or error ``se``, its interval from ``low`` to ``high``,
how many runs it is the mean of (``count``, ``of`` all), the ``p`` of a test, the values of single ``seeds``."""


def text(cell: Any, unit: str = "") -> str:
    """Return a cell as Markdown; ``unit``: that of its column. Raises UserError for unknown parts."""
    if isinstance(cell, list):
        return ", ".join(text(each, unit) for each in cell)
    if not isinstance(cell, Mapping):
        return number(cell) + (unit if isinstance(cell, int | Decimal) else "")
    if not set(cell) <= PARTS:
        raise UserError(f"unknown parts of a cell: {sorted(set(cell) - PARTS)}; accepted: {sorted(PARTS)}")
    shown = text(cell["value"], cell.get("unit", unit))
    if "to" in cell:
        shown += f" to {number(cell['to'])}"
    for spread in ("sd", "se"):
        if spread in cell:
            shown += f" ± {number(cell[spread])}"
    if cell.get("best"):
        shown = f"**{shown}**"
    if "low" in cell:
        shown += f" [{number(cell['low'])}, {number(cell['high'])}]"
    if "count" in cell:
        shown += f" ({cell['count']} of {cell['of']})" if "of" in cell else f" ({cell['count']})"
    if "p" in cell:
        shown += f" ({number(cell['p'])})"
    if "seeds" in cell:
        shown += "; " + " ".join(map(number, cell["seeds"]))
    return shown


def number(value: Any) -> str:
    """Return a number with its own digits and a true minus sign, – for none, and a text as it is."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return (f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)).replace("-", "−")
