"""Values that people write, and what they are called."""

from __future__ import annotations

from typing import Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, shown


def read_value(text: str) -> Any:
    """``off`` -> False, ``1`` -> 1, ``net,dot`` -> a list: the value that YAML would read. Raises UserError."""
    try:
        value = read_yaml(text)
        return read_yaml(f"[{text}]") if isinstance(value, str) and "," in value else value
    except UserError as error:
        accepted = "a number, a word, on, off or a list with commas"
        raise UserError(f"value {shown(text)} cannot be read; accepted: {accepted}") from error


def whole(text: str, low: int, high: int, what: str) -> int:
    """The whole number that ``text`` is. Raises UserError."""
    if not text.isdecimal() or len(text) > len(str(high)) or not low <= int(text) <= high:
        raise UserError(f"{shown(text)} is no {what}; accepted: a whole number from {low} to {high}")
    return int(text)
