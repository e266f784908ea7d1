"""Reading genotypes from the canonical text, and as code and logs of DARTS, NDS and NASLib have them.

:mod:`eproxy_engine.spaces.cells.space` checks whether the result is an architecture of a space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from eproxy_engine.spaces.cells.genotype import Cell, cell_of
from eproxy_engine.spaces.formats import plain_values

LONGEST = 5_000
"""Maximum length of a text, in characters; the longest real one has about 1,200."""

_CANONICAL = re.compile(r"d([0-9]{1,3})w([0-9]{1,4});normal=([^;]*);reduce=([^;]*)")
_EDGE = re.compile(r"(\w+)~([0-9]{1,2})")
FIELDS = ("normal", "normal_concat", "reduce", "reduce_concat")
"""Fields of a genotype, in the order of its namedtuple."""
NASLIB = (
    *("max_pool_3x3", "avg_pool_3x3", "skip_connect"),
    *("sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"),
)
"""NASLib's numbers of operations are indices of this (its ``search_spaces/nasbench301/conversions.py``)."""


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
        canonical = _CANONICAL.fullmatch(text)
        return _canonical(*canonical.groups()) if canonical else _of_values(plain_values(text))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def _canonical(depth: str, width: str, normal: str, reduction: str) -> Reading:
    return Reading(_canonical_cell(normal), _canonical_cell(reduction), int(depth), int(width))


def _canonical_cell(text: str) -> Cell:
    nodes = []
    for node in text.split("|"):
        first, second = (_match(_EDGE, edge).groups() for edge in node.split("+"))
        nodes.append(((first[0], int(first[1])), (second[0], int(second[1]))))
    return tuple(nodes)


def _of_values(net: Any) -> Reading:
    """Read an NDS ``net``, or a genotype alone: with its fields by name or in order, or as NASLib has it."""
    if isinstance(net, list) and len(net) == 2:
        return Reading(_compact_cell(net[0]), _compact_cell(net[1]))
    if isinstance(net, list):
        net = dict(zip(FIELDS, net, strict=True))
    net = net.get("net", net)
    genotype, has_sizes = net.get("genotype", net), "genotype" in net
    return Reading(
        _cell(genotype["normal"]),
        _cell(genotype["reduce"]),
        _whole(net["depth"]) if has_sizes else None,
        _whole(net["width"]) if has_sizes else None,
        tuple(map(_whole, genotype["normal_concat"])),
        tuple(map(_whole, genotype["reduce_concat"])),
    )


def _compact_cell(edges: list[Any]) -> Cell:
    """Read a cell from NASLib's pairs of a source and the number of an operation."""
    return cell_of([(_naslib_operation(number), _whole(source)) for source, number in edges])


def _cell(edges: list[Any]) -> Cell:
    """Read a cell from a list of edges, or from a list of edges for each node."""
    if all(isinstance(each, list) for each in edges[0]):
        edges = [edge for node in edges for edge in node]
    return cell_of([(operation, _whole(source)) for operation, source in edges])


def _naslib_operation(number: object) -> str:
    if not 0 <= _whole(number) < len(NASLIB):
        raise IndexError(number)
    return NASLIB[_whole(number)]


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(number)
    return number


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found
