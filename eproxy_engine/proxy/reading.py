"""Reading hand-written values and their names."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, one_of, shown

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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


def known_keys(cls: type[DataclassInstance], values: Any, what: str) -> dict[str, Any]:
    """Copy ``values`` if it is a mapping whose keys are fields of ``cls``. Raises UserError otherwise.

    ``what``: name of the class in the error.
    """
    names = [field.name for field in fields(cls)]
    if not isinstance(values, dict):
        raise UserError(f"a {what} is a mapping of {', '.join(names)}, but got {shown(values)}")
    for key in values:
        if key not in names:
            raise UserError(one_of(key, names, f"{what} key"))
    return dict(values)
