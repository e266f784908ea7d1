"""The one exception that users read, and the wording of its messages."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable

LONGEST_SHOWN = 200
"""Maximum length of a value in a message, in characters."""
FEW, SUCH_AS = 10, 3
"""So many names are all told; of more, so many, if they are listed elsewhere."""
_REPR = reprlib.Repr()
_REPR.maxlevel = 4
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = LONGEST_SHOWN
_REPR.maxlist = _REPR.maxtuple = _REPR.maxdict = _REPR.maxset = 20


class UserError(Exception):
    """Error for unusable user input.

    The message is one line that shows the offending value and says what is accepted. The command line prints it and
    exits with 2; the dashboard shows it beside the control.

    Args:
        message: The message; line breaks in it become spaces.

    Example:
        >>> raise UserError("size is -1; accepted: 1 to 200")
        Traceback (most recent call last):
        eproxy_engine.errors.UserError: size is -1; accepted: 1 to 200
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.splitlines()))  # a quoted value may contain any character


def one_of(value: object, accepted: Iterable[object], what: str, listed: str = "") -> str:
    """Return the standard message for a value outside its set.

    Args:
        value: The value.
        accepted: All that would be accepted.
        what: What the value should be.
        listed: Where a long set can be read. If there is such a place, the message has one suggestion instead.

    Example:
        >>> one_of("cat", ["dog", "bird"], "pet")
        "unknown pet 'cat'; accepted: dog, bird"
    """
    names = [str(name) for name in accepted]
    known = ", ".join(names)
    if listed and len(names) > FEW:
        likely = difflib.get_close_matches(str(value)[:LONGEST_SHOWN].lower(), names, n=1)
        suggestion = f"did you mean {likely[0]}? " if likely else ""
        known = f"{', '.join(names[:SUCH_AS])} and {len(names) - SUCH_AS} more: {listed}"
        return f"unknown {what} {shown(value)}; {suggestion}accepted: {known}"
    return f"unknown {what} {shown(value)}; accepted: {known}"


def check_named(what: str, value: object, accepted: Iterable[str]) -> None:
    """Raise UserError unless ``value`` is one of the accepted names."""
    accepted = tuple(accepted)
    if value not in accepted:  # a tuple, because a set would raise for a list
        raise UserError(one_of(value, accepted, what))


def shown(value: object, most: int = LONGEST_SHOWN) -> str:
    """Return a value's repr, shortened to ``most`` characters however large or deep the value is."""
    return shortened(_REPR.repr(value), most)


def shortened(text: str, most: int) -> str:
    """Shorten a text to one line of at most ``most`` characters.

    Example:
        >>> shortened("a long text", 7)
        'a long…'
    """
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
