"""Values as Python expressions: numbers, texts, containers, dataclasses, and what a module defines."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from eproxy_engine.errors import UserError

WIDTH = 120
"""Characters of a line."""
INDENT = 4
SHOWN = 200
"""Characters of a refused value that a message shows."""


@dataclass(frozen=True)
class Expression:
    """Items between brackets; without items, all of it is in ``opening``."""

    opening: str
    items: tuple[Expression, ...] = ()
    closing: str = ""
    lone: str = ""
    """What follows a single item on the same line: the comma of a tuple."""

    def flat(self) -> str:
        """On one line."""
        inner = ", ".join(item.flat() for item in self.items) + self.lone * (len(self.items) == 1)
        return f"{self.opening}{inner}{self.closing}"

    def laid_out(self, indent: int) -> str:
        """On one line where it fits behind ``indent`` blanks and before a comma; else an item a line, or, where items
        are numbers and texts alone, as many as fit."""
        if not self.items or indent + len(self.flat()) < WIDTH:
            return self.flat()
        inner = indent + INDENT
        filled = not any(item.items for item in self.items)
        lines: list[str] = []
        for item in self.items:
            text = f"{item.laid_out(inner)},"
            if filled and lines and inner + len(lines[-1]) + 1 + len(text) <= WIDTH:
                lines[-1] += f" {text}"
            else:
                lines.append(text)
        return "\n".join([self.opening, *(" " * inner + line for line in lines), " " * indent + self.closing])

    def named(self, name: str) -> Expression:
        """Behind ``name=``."""
        return replace(self, opening=f"{name}={self.opening}")


class Writer:
    """Writes values, and collects the classes and functions that it mentions by their names in :attr:`mentioned`."""

    def __init__(self) -> None:
        self.mentioned: dict[str, Any] = {}

    def call(self, function: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Expression:
        """The call of a class or function that a module defines, with values of which each equals what was given.

        Raises UserError for any other.
        """
        items = [self._checked(each) for each in arguments]
        items += [self._checked(each).named(name) for name, each in keywords.items()]
        return Expression(f"{self._name(function)}(", tuple(items), ")")

    def _checked(self, value: Any) -> Expression:
        expression = self._written(value)
        if eval(expression.flat(), dict(self.mentioned)) != value:
            raise UserError(f"what {_shown(value)} is made of does not tell all of it; accepted: values that do")
        return expression

    def _written(self, value: Any) -> Expression:
        kind = type(value)
        if value is None or kind in (bool, int) or (kind is float and math.isfinite(value)):
            return Expression(repr(value))
        if kind is str:
            return Expression(json.dumps(value, ensure_ascii=False))
        if kind is tuple:
            return Expression("(", tuple(map(self._written, value)), ")", lone=",")
        if kind is list:
            return Expression("[", tuple(map(self._written, value)), "]")
        if kind is frozenset:
            return Expression("frozenset({", tuple(sorted(map(self._written, value), key=Expression.flat)), "})")
        if kind is dict:
            pairs = [(self._written(key).flat(), self._written(each)) for key, each in value.items()]
            return Expression("{", tuple(replace(each, opening=f"{key}: {each.opening}") for key, each in pairs), "}")
        if kind is Fraction:
            parts = self._written(value.numerator), self._written(value.denominator)
            return Expression(f"{self._name(Fraction)}(", parts, ")")
        if is_dataclass(value) and not isinstance(value, type):
            stated = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
            defaults = {each.name: each.default for each in fields(value)}
            items = [self._written(each).named(name) for name, each in stated.items() if each is not defaults[name]]
            return Expression(f"{self._name(kind)}(", tuple(items), ")")
        return Expression(self._name(value))

    def _name(self, value: Any) -> str:
        """The name of a class or function at the top of its module."""
        name, module = getattr(value, "__qualname__", None), getattr(value, "__module__", None)
        if name is None or getattr(sys.modules.get(str(module)), name, None) is not value:
            raise UserError(
                f"no Python expression can stand for {_shown(value)}; accepted: numbers, texts, tuples, lists, "
                f"fractions, dataclasses of them, and classes and functions at the top of a module"
            )
        if self.mentioned.setdefault(name, value) is not value:
            raise UserError(f"{name!r} is defined in {module} and in {self.mentioned[name].__module__}; accepted: once")
        return str(name)


def _shown(value: object) -> str:
    return " ".join(repr(value).split())[:SHOWN]
