"""Genotypes out of texts: the canonical one, DARTS's ``Genotype(…)`` and the JSON object of NDS.

Nothing is evaluated: the texts are taken apart by regular expressions, or read as JSON. What comes out is not yet an
architecture of some space; :mod:`eproxy_engine.spaces.cells.space` sees to that.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from eproxy_engine.spaces.cells.genotype import Cell, Edge, cell_of

LONGEST = 5_000
"""Characters; the longest real text has about 1,200."""

_CANONICAL = re.compile(r"d([0-9]{1,3})w([0-9]{1,4});normal=([^;]*);reduce=([^;]*)")
_EDGE = re.compile(r"(\w+)~([0-9]{1,2})")
_GENOTYPE = re.compile(
    r"Genotype\(normal=\[([^\]]*)\],normal_concat=([^=]*),reduce=\[([^\]]*)\],reduce_concat=([^=]*)\)"
)
_PAIR = re.compile(r"\(['\"](\w+)['\"],([0-9]{1,2})\)")
_RANGE = re.compile(r"range\(([0-9]{1,2}),([0-9]{1,2})\)")


@dataclass(frozen=True)
class Reading:
    """What a text says; None where it says nothing."""

    normal: Cell
    reduction: Cell
    depth: int | None = None
    width: int | None = None
    normal_concat: tuple[int, ...] | None = None
    reduction_concat: tuple[int, ...] | None = None


def read(text: str) -> Reading | None:
    """The genotype that ``text`` names in one of the three notations; None if it is none of them."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    try:
        if text.startswith("{"):
            return _json(json.loads(text))
        return _genotype(text) if text.startswith("Genotype") else _canonical(text)
    except (ValueError, TypeError, KeyError, RecursionError):
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


def _genotype(text: str) -> Reading:
    normal, normal_concat, reduction, reduction_concat = _match(_GENOTYPE, re.sub(r"\s", "", text)).groups()
    return Reading(
        _genotype_cell(normal),
        _genotype_cell(reduction),
        normal_concat=_concat(normal_concat),
        reduction_concat=_concat(reduction_concat),
    )


def _genotype_cell(text: str) -> Cell:
    pairs = re.split(r"(?<=\)),", text.rstrip(","))
    return cell_of([(name, int(source)) for name, source in (_match(_PAIR, pair).groups() for pair in pairs)])


def _concat(text: str) -> tuple[int, ...]:
    bounds = _RANGE.fullmatch(text)
    if bounds:
        return tuple(range(int(bounds[1]), int(bounds[2])))
    return tuple(int(number) for number in _match(re.compile(r"\[([0-9,]*)\]"), text)[1].split(",") if number)


def _json(net: object) -> Reading:
    assert isinstance(net, dict)
    genotype = net["genotype"]
    return Reading(
        _json_cell(genotype["normal"]),
        _json_cell(genotype["reduce"]),
        _whole(net["depth"]),
        _whole(net["width"]),
        tuple(_whole(node) for node in genotype["normal_concat"]),
        tuple(_whole(node) for node in genotype["reduce_concat"]),
    )


def _json_cell(edges: object) -> Cell:
    pairs: list[Edge] = []
    for operation, source in edges:  # type: ignore[attr-defined]
        pairs.append((operation, _whole(source)))
    return cell_of(pairs)


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(number)
    return number


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found
