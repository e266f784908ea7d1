"""Canonical form of NAS-Bench-101 cells: pruned, with one representative for all isomorphic cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.nasbench101.cell import Cell

OPERATIONS = ("conv3x3", "conv1x1", "maxpool3x3")
MAX_VERTICES = 7
MAX_EDGES = 9
_OWN = re.compile("([01]+):(.*)")


def read(text: str) -> Cell | None:
    """Read a cell in its own text; None if ``text`` is in another notation. Raises UserError for a cell outside."""
    match = _OWN.fullmatch(text)
    if match is None:
        return None
    bits, names = match.groups()
    operations = tuple(name for name in names.split(",") if name)
    for name in operations:
        if name not in OPERATIONS:
            raise UserError(f"{one_of(name, OPERATIONS, 'NAS-Bench-101 operation')} (in {text!r})")
    vertices = len(operations) + 2
    if vertices > MAX_VERTICES or len(bits) != math.comb(vertices, 2):
        return None
    pairs = combinations(range(vertices), 2)
    edges = frozenset(pair for pair, bit in zip(pairs, bits, strict=True) if bit == "1")
    return in_space(Cell(vertices, edges, operations), repr(text))


def in_space(cell: Cell, what: str) -> Cell:
    """Return the canonical cell. Raises UserError, which shows ``what``, if it is not in the space."""
    pruned = canonical(cell)
    if pruned is None:
        raise UserError(f"no path from input to output in the NAS-Bench-101 cell {what}")
    if len(pruned.edges) > MAX_EDGES:
        raise UserError(f"a NAS-Bench-101 cell has at most {MAX_EDGES} edges, but {what} has {len(pruned.edges)}")
    return pruned


@lru_cache(maxsize=100_000)
def canonical(cell: Cell) -> Cell | None:
    """Return the representative of all cells isomorphic to ``cell`` after pruning; None if nothing connects its ends.

    The vertices have the order that the benchmark's own enumeration meets first: the smallest number whose bit
    ``x + y(y−1)/2`` stands for the edge x → y, then the smallest operations. The order matters: where a division of
    channels leaves a remainder, it decides which vertex gets it.
    """
    pruned = _prune(cell)
    if pruned is None:
        return None
    return min(_relabelled(pruned), key=_enumeration_order)


def _prune(cell: Cell) -> Cell | None:
    """Keep only the vertices on a path from input to output; None if there is no path."""
    after = _reachable(0, cell.edges)
    before = _reachable(cell.output, frozenset((b, a) for a, b in cell.edges))
    kept = sorted(after & before)
    if cell.output not in after:
        return None
    return _restricted(cell, kept)


def _reachable(start: int, edges: frozenset[tuple[int, int]]) -> set[int]:
    found, frontier = {start}, [start]
    while frontier:
        vertex = frontier.pop()
        for source, target in edges:
            if source == vertex and target not in found:
                found.add(target)
                frontier.append(target)
    return found


def _restricted(cell: Cell, order: list[int]) -> Cell:
    """Restrict the cell to the vertices of ``order``, renumbered in that order."""
    place = {vertex: i for i, vertex in enumerate(order)}
    edges = frozenset((place[a], place[b]) for a, b in cell.edges if a in place and b in place)
    return Cell(len(order), edges, tuple(cell.operations[vertex - 1] for vertex in order[1:-1]))


def _relabelled(cell: Cell) -> Iterator[Cell]:
    """Yield the cell under every topological order of its vertices."""
    sources = {vertex: set(cell.sources(vertex)) for vertex in range(cell.vertices)}

    def extend(order: list[int]) -> Iterator[list[int]]:
        if len(order) == cell.output:
            yield [*order, cell.output]
            return
        for vertex in range(1, cell.output):
            if vertex not in order and sources[vertex] <= set(order):
                yield from extend([*order, vertex])

    for order in extend([0]):
        yield _restricted(cell, order)


def _enumeration_order(cell: Cell) -> tuple[int, tuple[int, ...]]:
    number = sum(1 << (x + y * (y - 1) // 2) for x, y in cell.edges)
    return number, tuple(OPERATIONS.index(name) for name in cell.operations)
