"""A format: a notation of other tools that a search space reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.formats.plain_values import plain_values

A = TypeVar("A")
"""The type of a space's architectures."""


@dataclass(frozen=True)
class Format(Generic[A]):
    """One notation of the architectures of one search space."""

    name: str
    """Name on the command line: nasbench, naslib, nats, genotype or json."""
    title: str
    """What errors say that was tried."""
    write: Callable[[A], str]
    """Write an architecture."""
    read: Callable[[Any], A | None] | None = None
    """Make an architecture of plain values; None if they are in another format. Raises UserError for values in this
    format that are no architecture. None if the space's own text or another format reads what this one writes."""


def read_in(formats: Iterable[Format[A]], text: str) -> A | None:
    """Read an architecture in the first format that fits.

    Args:
        formats: Formats of one search space.
        text: The text.

    Returns:
        The architecture; None if the text is in none of the formats.

    Raises:
        UserError: If the text is in one of the formats, but names no architecture.
    """
    values = plain_values(text)
    if values is None:
        return None
    readings = (each.read(values) for each in formats if each.read is not None)
    return next((architecture for architecture in readings if architecture is not None), None)


def titles(formats: Iterable[Format[A]]) -> str:
    """Name the formats that :func:`read_in` tries, for errors."""
    return ", ".join(each.title for each in formats if each.read is not None)


def find(formats: Iterable[Format[A]], name: str, space: str) -> Format[A]:
    """Return the format called ``name`` of the search space titled ``space``. Raises UserError if it has none."""
    known = {each.name: each for each in formats}
    if name not in known:
        accepted = ", ".join(known) or "none, only its own text"
        raise UserError(f"{space} has no format {name!r}; accepted: {accepted}")
    return known[name]
