"""Reading genotypes from the canonical text, from DARTS's ``Genotype(…)`` as found in code and logs, and from JSON.

No code is evaluated: regular expressions turn Python's notation into JSON. :mod:`eproxy_engine.spaces.cells.space`
checks whether the result is an architecture of a space.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from eproxy_engine.spaces.cells.genotype import Cell, cell_of

LONGEST = 5_000
"""Maximum length of a text, in characters; the longest real one has about 1,200."""

_CANONICAL = re.compile(r"d([0-9]{1,3})w([0-9]{1,4});normal=([^;]*);reduce=([^;]*)")
_EDGE = re.compile(r"(\w+)~([0-9]{1,2})")
_NAME = re.compile(r"^\w+(?::\w+)?=")
"""Name of a variable that the genotype is assigned to."""
_GENOTYPE = re.compile(r"(?:\w+\.)?Genotype\((.*)\)")
_RANGE = re.compile(r"list\(range\(([0-9]{1,2}),([0-9]{1,2})\)\)|range\(([0-9]{1,2}),([0-9]{1,2})\)")
_NUMPY = re.compile(r"(?:np|numpy)\.\w+\(([^()]*)\)")
_KEYWORD = re.compile(r"(\w+)=")
_COMMA_AT_THE_END = re.compile(r",(?=[\]}]|$)")
_BRACKETS_AND_QUOTES = str.maketrans("()'", '[]"')
FIELDS = ("normal", "normal_concat", "reduce", "reduce_concat")
"""Fields of a genotype, in the order of its namedtuple."""


@dataclass(frozen=True)
class Reading:
    """The content of a text; None for what it does not contain."""

    normal: Cell
    reduction: Cell
    depth: int | None = None
    width: int | None = None
    normal_concat: tuple[int, ...] | None = None
    reduction_concat: tuple[int, ...] | None = None


def read(text: str) -> Reading | None:
    """Read a genotype in any of the notations; None if ``text`` is in none of them."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    try:
        if text.startswith(("{", "[")) or "Genotype(" in text:
            return _of_values(json.loads(_as_json(text)))
        return _canonical(text)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None


def _canonical(text: str) -> Reading:
    depth, width, normal, reduction = _match(_CANONICAL, text).groups()
    return Reading(_canonical_cell(normal), _canonical_cell(reduction), int(depth), int(width))


def _canonical_cell(text: str) -> Cell:
    nodes = []
    for node in text.split("|"):
        first, second = (_match(_EDGE, edge).groups() for edge in node.split("+"))
        nodes.append(((first[0], int(first[1])), (second[0], int(second[1]))))
    return tuple(nodes)


def _as_json(text: str) -> str:
    """Turn Python's notation of a genotype into JSON; JSON itself only loses its white space."""
    text = _NAME.sub("", re.sub(r"\s", "", text)).rstrip(",")
    text = _NUMPY.sub(r"\1", text)
    text = _RANGE.sub(lambda bounds: str(list(range(*(int(each) for each in bounds.groups() if each)))), text)
    genotype = _GENOTYPE.fullmatch(text)
    if genotype:
        text = f"{{{genotype[1]}}}" if "=" in genotype[1] else f"[{genotype[1]}]"
    text = _KEYWORD.sub(r'"\1":', text).translate(_BRACKETS_AND_QUOTES)
    return _COMMA_AT_THE_END.sub("", text)


def _of_values(net: Any) -> Reading:
    """Read an NDS ``net`` or a genotype alone, with its fields by name or in order."""
    if isinstance(net, list):
        net = dict(zip(FIELDS, net, strict=True))
    genotype, has_sizes = net.get("genotype", net), "genotype" in net
    return Reading(
        _cell(genotype["normal"]),
        _cell(genotype["reduce"]),
        _whole(net["depth"]) if has_sizes else None,
        _whole(net["width"]) if has_sizes else None,
        tuple(map(_whole, genotype["normal_concat"])),
        tuple(map(_whole, genotype["reduce_concat"])),
    )


def _cell(edges: list[Any]) -> Cell:
    """Read a cell from a list of edges, or from a list of edges for each node."""
    if all(isinstance(each, list) for each in edges[0]):
        edges = [edge for node in edges for edge in node]
    return cell_of([(operation, _whole(source)) for operation, source in edges])


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(number)
    return number


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found
