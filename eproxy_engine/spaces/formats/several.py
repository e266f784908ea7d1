"""Several architectures in one text: one a line, or over several lines where a pasted matrix or JSON spans them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from eproxy_engine.errors import UserError

MOST_LINES = 100
"""Maximum number of lines of an architecture."""
_OPENING, _CLOSING = "([{", ")]}"


class Parses(Protocol):
    """A search space, as far as it is needed here."""

    def parse(self, text: str, /) -> object: ...


@dataclass(frozen=True)
class Found:
    """An architecture in a text, or what is none."""

    line: int
    """First line, counted from 1."""
    text: str
    architecture: str | None
    """Canonical text; None if it cannot be read."""
    error: UserError | None = None


def several(space: Parses, text: str) -> Iterator[Found]:
    """Yield the architectures in a text, in its order.

    An architecture ends with its line, unless brackets are open. Two parts without a blank line between them are one
    architecture if the first is none by itself, such as a matrix and its operations. ``#`` at the beginning of a line
    begins a comment.

    Args:
        space: The search space, of which only ``parse`` is used.
        text: The text.
    """
    parts = deque(_parts(text.splitlines()))
    while parts:
        line, part = parts.popleft()
        found = _found(space, line, part)
        if found.error is not None and parts and parts[0][0] == line + part.count("\n") + 1:
            together = _found(space, line, f"{part}\n{parts[0][1]}")
            if together.error is None:
                found = together
                parts.popleft()
        yield found


def _found(space: Parses, line: int, text: str) -> Found:
    try:
        return Found(line, text, str(space.parse(text)))
    except UserError as error:
        return Found(line, text, None, error)


def _parts(lines: list[str]) -> list[tuple[int, str]]:
    """Return the number of the first line and the text of each part whose brackets are closed."""
    parts, place = [], 0
    while place < len(lines):
        length = _length(lines[place : place + MOST_LINES])
        part = "\n".join(lines[place : place + length]).strip()
        if part and not part.startswith("#"):
            parts.append((place + 1, part))
        place += length
    return parts


def _length(lines: list[str]) -> int:
    """Return after how many lines all brackets are closed; one if a blank line or the end comes before."""
    depth = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            break
        code = line.partition("#")[0]
        depth += sum(code.count(bracket) for bracket in _OPENING) - sum(code.count(bracket) for bracket in _CLOSING)
        if depth <= 0:
            return number
    return 1
