"""Kinds of values that a setting can accept: each checks a value and describes itself in errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from eproxy_engine.errors import UserError, check_named, one_of, shown


class Accepted:
    """Base class of what a setting accepts."""

    def __str__(self) -> str:
        """Return what errors say after "accepted:"."""
        raise NotImplementedError

    def check(self, name: str, value: Any) -> Any:
        """Return the value in standard form. Raises UserError."""
        raise NotImplementedError

    def plain(self, value: Any) -> Any:
        """Convert a value for JSON and YAML; :meth:`read` reads it."""
        return value

    def read(self, name: str, value: Any) -> Any:
        """Convert a value from JSON or YAML; :meth:`check` looks at it afterwards. Raises UserError."""
        return value

    def refused(self, name: str, value: Any) -> UserError:
        """Make the error for a value that is not accepted."""
        return UserError(f"{name} is {shown(value)}; accepted: {self}")


class Switch(Accepted):
    """On or off."""

    def __str__(self) -> str:
        return "on, off"

    def check(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.refused(name, value)
        return value


@dataclass(frozen=True)
class Between(Accepted):
    """A number from ``low`` to ``high``: a whole one if ``low`` is whole."""

    low: float
    high: float = inf
    step: float | None = None
    """Step of the control in the dashboard."""
    optional: bool = False
    """Whether None is accepted as well."""

    @property
    def whole(self) -> bool:
        return isinstance(self.low, int)

    def __str__(self) -> str:
        until = "on" if self.high == inf else f"to {_separated(self.high)}"
        number = "a whole number" if self.whole else "a number"
        return f"{number} from {_separated(self.low)} {until}" + (", or none" if self.optional else "")

    def check(self, name: str, value: Any) -> float | None:
        if value is None and self.optional:
            return None
        number = isinstance(value, int if self.whole else int | float) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high:
            raise self.refused(name, value)
        return value if self.whole else float(value) + 0.0  # no -0.0: equal values, one digest


@dataclass(frozen=True)
class OneOf(Accepted):
    """One of several names or numbers. ``titles``: what the dashboard shows instead of a name."""

    options: Collection[Any]
    titles: Mapping[Any, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return ", ".join(map(str, self.options))

    def title(self, option: Any) -> str:
        return self.titles.get(option, str(option))

    def check(self, name: str, value: Any) -> Any:
        for option in self.options:
            if option == value and not isinstance(value, bool):
                return option  # 2 is taken for 2.0
        named = all(isinstance(option, str) for option in self.options)
        raise UserError(one_of(value, self.options, name)) if named else self.refused(name, value)


@dataclass(frozen=True)
class WordOr(Accepted):
    """One of a few words, or a number."""

    words: tuple[str, ...]
    number: Between

    def __str__(self) -> str:
        return f"{', '.join(self.words)} or {self.number}"

    def check(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and value in self.words:
            return value
        try:
            return self.number.check(name, value)
        except UserError:
            raise UserError(f"{name} {shown(value)}; accepted: {self}") from None


@dataclass(frozen=True)
class Some(Accepted):
    """At least one of several names, or any number; a list in JSON and YAML, where one name may stand for itself."""

    options: tuple[str, ...]
    what: str
    """Word for one of them in errors."""
    titles: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    """Whether none of them is accepted as well."""

    def __str__(self) -> str:
        return f"{'any' if self.optional else 'at least one'} of {', '.join(self.options)}"

    def check(self, name: str, value: Any) -> tuple[str, ...]:
        if not value and not self.optional:
            raise UserError(f"{name} is empty; accepted: {self}")
        for each in value:
            check_named(self.what, each, self.options)
        if len(set(value)) < len(value):
            raise UserError(f"{name} {list(value)} names one twice; accepted: each at most once")
        return value

    def plain(self, value: Any) -> list[str]:
        return list(value)

    def read(self, name: str, value: Any) -> tuple[Any, ...]:
        return tuple(value) if isinstance(value, list | tuple) else (value,)


def _separated(number: float) -> str:
    return f"{number:,}" if number >= 10_000 else str(number)
