"""Reading hand-written values and their names."""

from __future__ import annotations

from typing import Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, shown


def read_value(text: str) -> Any:
    """Read a value as YAML does, or a list with commas. Raises UserError.

    Example:
        >>> read_value("off"), read_value("1"), read_value("net,dot")
        (False, 1, ['net', 'dot'])
    """
    try:
        value = read_yaml(text)
        return read_yaml(f"[{text}]") if isinstance(value, str) and "," in value else value
    except UserError as error:
        accepted = "a number, a word, on, off or a list with commas"
        raise UserError(f"value {shown(text)} cannot be read; accepted: {accepted}") from error


def whole(text: str, low: int, high: int, what: str) -> int:
    """Read a whole number from ``low`` to ``high``, called ``what`` in the error. Raises UserError."""
    if not text.isdecimal() or len(text) > len(str(high)) or not low <= int(text) <= high:
        raise UserError(f"{shown(text)} is no {what}; accepted: a whole number from {low} to {high}")
    return int(text)
