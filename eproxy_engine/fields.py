"""Dataclasses of settings: each setting's default, range, label, help and flag are written once, in its field.

Checks, JSON and YAML, the options of the command line and the controls of the dashboard are all derived from them.

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

from eproxy_engine.accepted import Accepted, OneOf, Some, Switch
from eproxy_engine.errors import UserError, one_of, shown

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Accepted):
    """Settings nested in settings."""

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
    """Any number of nested settings of one dataclass. ``many``: word for several of them in errors."""

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
    """Everything known about one setting."""

    name: str
    default: Any
    label: str
    """Label of its control."""
    accepted: Accepted
    help: str
    flag: str
    """Option of the command line; empty if it has none."""
    later: bool = False
    """Whether plain values leave it out at its default, as they were before there was this setting."""

    @property
    def no_flag(self) -> str:
        """Option that sets a switch back to its default."""
        return f"--no-{self.flag.removeprefix('--')}"

    @property
    def long_help(self) -> str:
        """Help with the titles of the choices, for the command line."""
        titles = self.accepted.titles if isinstance(self.accepted, OneOf) else {}
        options = "; ".join(f"{option}: {title}" for option, title in titles.items())
        return f"{self.help} {options}." if options else self.help


def setting(
    default: T,
    label: str,
    accepted: Accepted | None = None,
    *,
    help: str,
    flag: str | None = None,
    later: bool = False,
) -> T:
    """Declare a field of a :class:`Settings` dataclass.

    Args:
        default: Value where none is given.
        label: Label of its control.
        accepted: What it accepts; a switch by default.
        help: Sentence that explains it, on the command line and beside its control.
        flag: Option of the command line, by default made from the name; empty for none. The flag of a switch sets it to
            the opposite of its default.
        later: Whether plain values leave it out at its default. Set it for a setting added to a dataclass whose values
            are stored or digested: they stay what they were.
    """
    told = {"label": label, "accepted": accepted or Switch(), "help": help, "flag": flag, "later": later}
    return field(default=default, metadata=told)


def same_as(cls: type[Settings], name: str) -> Any:
    """Declare a field like a setting of another dataclass."""
    each = table(cls)[name]
    return setting(each.default, each.label, each.accepted, help=each.help, flag=each.flag, later=each.later)


def table(cls: type[Settings]) -> dict[str, Setting]:
    """Return all settings of a dataclass by name, in order."""
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
    """Base of dataclasses of settings: they check themselves, and convert to plain values and back."""

    what: ClassVar[str]
    """What errors call it."""

    def __init_subclass__(cls, what: str) -> None:
        cls.what = what

    def __post_init__(self) -> None:
        for name, each in table(type(self)).items():
            object.__setattr__(self, name, each.accepted.check(name, getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON and YAML; :meth:`from_dict` reads them."""
        later = {name for name, each in table(type(self)).items() if each.later and getattr(self, name) == each.default}
        return {name: value for name, value in self.all_values().items() if name not in later}

    def all_values(self) -> dict[str, Any]:
        """Return plain values of all settings, also of later ones at their defaults."""
        return {name: each.accepted.plain(getattr(self, name)) for name, each in table(type(self)).items()}

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """Make settings from plain values; missing ones have their defaults. Raises UserError."""
        known = known_keys(cls, values, cls.what)
        return cls(**{name: table(cls)[name].accepted.read(name, value) for name, value in known.items()})


def known_keys(cls: type[DataclassInstance], values: Any, what: str) -> dict[str, Any]:
    """Copy ``values`` if it is a mapping whose keys are fields of ``cls``. Raises UserError otherwise.

    ``what``: name of the class in the error.
    """
    names = [each.name for each in fields(cls)]
    if not isinstance(values, dict):
        raise UserError(f"a {what} is a mapping of {', '.join(names)}, but got {shown(values)}")
    for key in values:
        if key not in names:
            raise UserError(one_of(key, names, f"{what} key"))
    return dict(values)


# --- differences ---


def changed(value: Settings, start: Settings) -> dict[str, Any]:
    """Return plain values of the settings that differ from ``start``."""
    pairs = {name: (each, getattr(value, name)) for name, each in table(type(value)).items()}
    return {name: each.accepted.plain(now) for name, (each, now) in pairs.items() if now != getattr(start, name)}


def short_json(values: dict[str, Any]) -> str:
    """Write JSON without spaces, for the address bar; an empty text for no values."""
    return json.dumps(values, separators=(",", ":")) if values else ""


def words(value: Settings, start: Settings) -> list[str]:
    """Return the command-line words that change ``start`` into ``value``."""
    found = []
    for name in changed(value, start):
        each, now = table(type(value))[name], getattr(value, name)
        if isinstance(each.accepted, Part):
            found += words(now, getattr(start, name))
        elif isinstance(each.accepted, Switch):
            found.append(each.flag if now != each.default else each.no_flag)
        elif isinstance(each.accepted, Some):
            found += [each.flag, ",".join(now)]
        else:
            found += [each.flag, str(now)]
    return found
