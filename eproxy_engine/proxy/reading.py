"""Reading values that people write: safe YAML (which JSON is a part of), with every common form of a number."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import yaml

from eproxy_engine.errors import UserError, one_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class _Loader(yaml.SafeLoader):
    """PyYAML follows YAML 1.1, for which ``1e-05`` is a word; here it is a number, as in JSON."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
)


def read_yaml(text: str) -> Any:
    """The plain values of a YAML or JSON document. Raises UserError."""
    try:
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(f"not YAML: {' '.join(str(error).split())}") from error


def read_value(text: str) -> Any:
    """``off`` -> False, ``1`` -> 1, ``net,dot`` -> a list: the value that YAML would read. Raises UserError."""
    try:
        value = read_yaml(text)
        return read_yaml(f"[{text}]") if isinstance(value, str) and "," in value else value
    except UserError as error:
        accepted = "a number, a word, on, off or a list with commas"
        raise UserError(f"value {text!r} cannot be read; accepted: {accepted}") from error


def known_keys(cls: type[DataclassInstance], values: Any, what: str) -> dict[str, Any]:
    """A copy of ``values``, if it maps names of fields of ``cls``, a ``what``. Raises UserError."""
    names = [field.name for field in fields(cls)]
    if not isinstance(values, dict):
        raise UserError(f"a {what} is a mapping of {', '.join(names)}, but got {values!r}")
    for key in values:
        if key not in names:
            raise UserError(one_of(key, names, f"{what} key"))
    return dict(values)
