"""The one exception a user is meant to read."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable

LONGEST_SHOWN = 200
"""Characters."""
_REPR = reprlib.Repr()
_REPR.maxlevel = 4
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = LONGEST_SHOWN
_REPR.maxlist = _REPR.maxtuple = _REPR.maxdict = _REPR.maxset = 20


class UserError(Exception):
    """Something the user gave cannot be used.

    The message is one line: it shows the offending value and says what would be accepted. The command
    line prints it and exits with 2; the dashboard shows it beside the control.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.splitlines()))  # what it quotes may have any character


def one_of(value: object, accepted: Iterable[object], what: str) -> str:
    """The standard wording for a value outside its set."""
    return f"unknown {what} {shown(value)}; accepted: {', '.join(map(str, accepted))}"


def check_named(what: str, value: object, accepted: Iterable[str]) -> None:
    """Raises UserError unless ``value`` is one of the accepted names."""
    accepted = tuple(accepted)
    if value not in accepted:  # a tuple, as a set would raise for a list
        raise UserError(one_of(value, accepted, what))


def shown(value: object, most: int = LONGEST_SHOWN) -> str:
    """A value as messages show it, however large or deep it is."""
    return shortened(_REPR.repr(value), most)


def shortened(text: str, most: int) -> str:
    """One line of at most ``most`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
