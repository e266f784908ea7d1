"""Reading the elements of a JSON list one at a time, for files too large for memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

_AT_ONCE = 1_000_000
_CUT_OFF = 20
"""Characters before the end of the text read so far in which the cut may look like an error or the end of a number."""
_BLANKS = re.compile(r"[ \t\n\r]*")
_MOST_PARTS = 100_000
"""Maximum of lists and objects in a value longer than one read: each takes much more memory than its text."""
_MOST_NAMES = 1000
"""Maximum of names in an object, whose values may be lists of rows or not."""


def rows(file: Readable, longest: int) -> Iterator[Any]:
    """Yield the elements of a JSON list, or of all lists that are values of a JSON object, in the order of the file.

    ``longest``: maximum length of an element in characters; memory holds a few times that. Raises ValueError for any
    other file.
    """
    text = _Text(file, longest)
    if text.next() == "[":
        yield from _elements(text)
    else:
        yield from _elements_of_values(text)
    if text.next():
        raise ValueError(f"{text.next()!r} after the end of the JSON")


def _elements(text: _Text) -> Iterator[Any]:
    text.take("[")
    if text.next() == "]":
        text.take("]")
        return
    yield text.value()
    while text.take(",", "]") == ",":
        yield text.value()


def _elements_of_values(text: _Text) -> Iterator[Any]:
    text.take("{")
    if text.next() == "}":
        text.take("}")
        return
    yield from _value_of_name(text)
    names = 1
    while text.take(",", "}") == ",":
        names += 1
        if names > _MOST_NAMES:
            raise ValueError(f"an object of more than {_MOST_NAMES:,} names")
        yield from _value_of_name(text)


def _value_of_name(text: _Text) -> Iterator[Any]:
    text.value()
    text.take(":")
    if text.next() == "[":
        yield from _elements(text)
    else:
        text.value()


class Readable(Protocol):
    """File with the one method that is needed."""

    def read(self, size: int, /) -> bytes: ...


class _Text:
    """Characters of a file, read as needed."""

    def __init__(self, file: Readable, longest: int) -> None:
        self._file, self._longest = file, longest
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._read, self._place, self._ended = "", 0, False

    def next(self) -> str:
        """Return the next character that is not blank without taking it; empty at the end."""
        blanks = 0
        while True:
            start = self._place
            self._place = _BLANKS.match(self._read, start).end()  # type: ignore[union-attr]
            blanks += self._place - start
            self._check_length(blanks)
            if self._place < len(self._read):
                return self._read[self._place]
            if not self._more():
                return ""

    def take(self, *accepted: str) -> str:
        """Take the next character that is not blank. Raises ValueError if it is not ``accepted``."""
        char = self.next()
        if char not in accepted:
            found = repr(char) if char else "the end of the file"
            raise ValueError(f"{found} instead of {' or '.join(map(repr, accepted))}")
        self._place += 1
        return char

    def value(self) -> Any:
        """Take the next value."""
        self.next()
        while True:
            try:
                value, end = json.JSONDecoder().raw_decode(self._read, self._place)
            except json.JSONDecodeError as error:
                cut = error.pos > len(self._read) - _CUT_OFF or error.msg.startswith("Unterminated string")
                if not cut or not self._more():
                    raise ValueError(f"not JSON: {error.msg}") from error
                continue
            except RecursionError as error:
                raise ValueError("its JSON is nested too deeply") from error
            if end <= len(self._read) - _CUT_OFF or not self._more():  # else it may continue: 1 can become 1.5e3
                self._check_length(end - self._place)
                self._place = end
                return value

    def _more(self) -> bool:
        """Read more; return False at the end.

        Reads several times the text kept, so that long values are not parsed too often, but not more than a value may
        have.
        """
        if self._ended:
            return False
        kept = self._read[self._place :]
        self._check_length(len(kept))
        if kept.count("[") + kept.count("{") > _MOST_PARTS:
            raise ValueError(f"it has more than {_MOST_PARTS:,} lists and objects")
        content = self._file.read(max(_AT_ONCE, min(3 * len(kept), self._longest + 1 - len(kept))))
        self._ended = not content
        self._read, self._place = kept + self._decode(content, final=self._ended), 0
        return True

    def _check_length(self, characters: int) -> None:
        if characters > self._longest:
            raise ValueError(f"it has more than {self._longest:,} characters")
