"""Settings that are written once: default, range, label, help and flag stand in the dataclass that has them.

Checks, plain values, the options of the command line and the controls of the dashboard all follow from there.

>>> from eproxy_engine.accepted import Between
>>> @dataclass(frozen=True)
... class Oven(Settings, what="oven"):
...     heat: int = setting(180, "Heat", Between(50, 250), help="Temperature in °C.")
...     fan: bool = setting(False, "Fan", help="Circulate the air.")
>>> Oven.from_dict({"heat": 200}).as_dict()
{'heat': 200, 'fan': False}
>>> changed(Oven(200, True), Oven()), words(Oven(200, True), Oven())
({'heat': 200, 'fan': True}, ['--heat', '200', '--fan'])
>>> Oven(300)
Traceback (most recent call last):
eproxy_engine.errors.UserError: heat is 300; accepted: a whole number from 50 to 250
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from eproxy_engine.accepted import Accepted, OneOf, Switch
from eproxy_engine.errors import UserError, one_of, shown

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Accepted):
    """Settings within settings."""

    of: type[Settings]

    def __str__(self) -> str:
        return f"a mapping of {', '.join(table(self.of))}"

    def check(self, name: str, value: Any) -> Any:
        if not isinstance(value, self.of):
            raise self.refused(name, value)
        return value

    def plain(self, value: Any) -> dict[str, Any]:
        return value.as_dict()

    def read(self, name: str, value: Any) -> Settings:
        return self.of.from_dict(value)


@dataclass(frozen=True)
class Parts(Accepted):
    """Any number of settings of one dataclass. ``many``: what errors call them."""

    of: type[Settings]
    many: str

    def __str__(self) -> str:
        return f"a list of {self.many}"

    def check(self, name: str, value: Any) -> Any:
        if not isinstance(value, tuple) or not all(isinstance(each, self.of) for each in value):
            raise self.refused(name, value)
        return value

    def plain(self, value: Any) -> list[dict[str, Any]]:
        return [each.as_dict() for each in value]

    def read(self, name: str, value: Any) -> tuple[Settings, ...]:
        if not isinstance(value, list | tuple):
            raise self.refused(name, value)
        return tuple(map(self.of.from_dict, value))


# --- a setting, and all of a dataclass ---


@dataclass(frozen=True)
class Setting:
    """One setting: all that is known about it."""

    name: str
    default: Any
    label: str
    """Beside its control."""
    accepted: Accepted
    help: str
    flag: str
    """Of the command line; empty where it has none."""

    @property
    def no_flag(self) -> str:
        """What turns a switch off."""
        return f"--no-{self.flag.removeprefix('--')}"

    @property
    def long_help(self) -> str:
        """The help with the titles of what can be chosen, for where nothing else shows them."""
        titles = self.accepted.titles if isinstance(self.accepted, OneOf) else {}
        options = "; ".join(f"{option}: {title}" for option, title in titles.items())
        return f"{self.help} {options}." if options else self.help


def setting(default: T, label: str, accepted: Accepted | None = None, *, help: str, flag: str | None = None) -> T:
    """A field of a :class:`Settings` dataclass; a switch unless ``accepted`` says otherwise.

    ``flag``: of the command line, by default made of the name. That of a switch turns it to what it is not by default.
    """
    told = {"label": label, "accepted": accepted or Switch(), "help": help, "flag": flag}
    return field(default=default, metadata=told)


def same_as(cls: type[Settings], name: str) -> Any:
    """A field like that setting of another dataclass."""
    each = table(cls)[name]
    return setting(each.default, each.label, each.accepted, help=each.help, flag=each.flag)


def table(cls: type[Settings]) -> dict[str, Setting]:
    """All settings of a dataclass by name, in order."""
    return _table(cls)  # type: ignore[arg-type]  # mypy doubts that a class can be hashed


@cache
def _table(cls: type[Settings]) -> dict[str, Setting]:
    found = {}
    for each in fields(cls):
        if each.metadata:
            told = dict(each.metadata)
            if told["flag"] is None:
                told["flag"] = f"--{each.name.replace('_', '-')}"
            found[each.name] = Setting(each.name, each.default, **told)
    return found


@dataclass(frozen=True, eq=False)
class Settings:
    """A dataclass of settings: it checks itself, and goes to plain values and back. Raises UserError."""

    what: ClassVar[str]
    """How errors call it."""

    def __init_subclass__(cls, what: str) -> None:
        cls.what = what

    def __post_init__(self) -> None:
        for name, each in table(type(self)).items():
            object.__setattr__(self, name, each.accepted.check(name, getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        return {name: each.accepted.plain(getattr(self, name)) for name, each in table(type(self)).items()}

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """The settings of plain values; what is missing has its default. Raises UserError."""
        known = known_keys(cls, values, cls.what)
        return cls(**{name: table(cls)[name].accepted.read(name, value) for name, value in known.items()})


def known_keys(cls: type[DataclassInstance], values: Any, what: str) -> dict[str, Any]:
    """A copy of ``values``, if it maps names of fields of ``cls``, a ``what``. Raises UserError."""
    names = [each.name for each in fields(cls)]
    if not isinstance(values, dict):
        raise UserError(f"a {what} is a mapping of {', '.join(names)}, but got {shown(values)}")
    for key in values:
        if key not in names:
            raise UserError(one_of(key, names, f"{what} key"))
    return dict(values)


# --- differences ---


def changed(value: Settings, start: Settings) -> dict[str, Any]:
    """Plain values of the settings that differ from ``start``."""
    pairs = {name: (each, getattr(value, name)) for name, each in table(type(value)).items()}
    return {name: each.accepted.plain(now) for name, (each, now) in pairs.items() if now != getattr(start, name)}


def short_json(values: dict[str, Any]) -> str:
    """JSON without spaces, for the address bar; empty for no values."""
    return json.dumps(values, separators=(",", ":")) if values else ""


def words(value: Settings, start: Settings) -> list[str]:
    """The command line's words that make ``value`` of ``start``."""
    found = []
    for name in changed(value, start):
        each, now = table(type(value))[name], getattr(value, name)
        if isinstance(each.accepted, Part):
            found += words(now, getattr(start, name))
        elif isinstance(each.accepted, Switch):
            found.append(each.flag if now != each.default else each.no_flag)
        else:
            found += [each.flag, str(now)]
    return found
