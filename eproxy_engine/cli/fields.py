"""Options of the command line made from dataclasses of settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click

from eproxy_engine.accepted import Between, OneOf, Some, Switch, WordOr
from eproxy_engine.fields import Part, Setting, Settings, table
from eproxy_engine.proxy.reading import read_value

Command = Callable[..., Any]


def setting_options(cls: type[Settings], overriding: bool = False) -> Callable[[Command], Command]:
    """Add options for all settings of ``cls``; the command gets their values as one argument ``changes``.

    ``overriding``: the options have no defaults, because a preset has the values that are not given.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def collecting(**given: Any) -> Any:
            return command(changes=_taken(cls, given), **given)

        options: Command = collecting
        for each in reversed(list(_with_flags(cls))):
            options = _option(each, overriding)(options)
        return options

    return decorate


def setting_option(cls: type[Settings], name: str, **attributes: Any) -> Callable[[Command], Command]:
    """Add the option for a single setting; a value that may be a word or a number stays text."""
    each = table(cls)[name]
    return click.option(each.flag, name, help=each.long_help, **attributes)


def _with_flags(cls: type[Settings]) -> Iterator[Setting]:
    for each in table(cls).values():
        if isinstance(each.accepted, Part):
            yield from _with_flags(each.accepted.of)
        elif each.flag:
            yield each


def _option(each: Setting, overriding: bool) -> Callable[[Command], Command]:
    if isinstance(each.accepted, Switch):
        if overriding:
            return click.option(f"{each.flag}/{each.no_flag}", default=None, help=each.long_help)
        return click.option(each.flag, is_flag=True, help=each.long_help)
    start: Any = ",".join(each.default) if isinstance(each.accepted, Some) else each.default
    default: dict[str, Any] = {} if overriding else {"default": start, "show_default": start not in (None, "")}
    return click.option(each.flag, type=_type(each), help=each.long_help, **default)


def _type(each: Setting) -> Any:
    if isinstance(each.accepted, OneOf):
        return click.Choice(list(each.accepted.options))
    return (int if each.accepted.whole else float) if isinstance(each.accepted, Between) else str


def _taken(cls: type[Settings], given: dict[str, Any]) -> dict[str, Any]:
    """Take the values of the options of ``cls`` out of ``given``, by the names of the settings."""
    changes = {}
    for name, each in table(cls).items():
        if isinstance(each.accepted, Part):
            changes[name] = each.accepted.of(**_taken(each.accepted.of, given))
        elif each.flag:
            value = given.pop(each.flag.removeprefix("--").replace("-", "_"))
            if value is not None:
                changes[name] = _value(each, value)
    return changes


def _value(each: Setting, given: Any) -> Any:
    if isinstance(each.accepted, Switch):
        return given != each.default  # the flag of a switch turns it to what it is not by default
    if isinstance(each.accepted, Some):
        return tuple(name.strip() for name in given.split(",") if name.strip())
    return read_value(given) if isinstance(each.accepted, WordOr) else given
