"""Graph features of a cell (after Kadlecová et al. 2024, "Surprisingly Strong Performance Prediction with Neural Graph
Features", arXiv 2404.16551): counts of operations, shortest and longest paths over every subset of them, degrees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, combinations
from typing import NamedTuple


class Edge(NamedTuple):
    """A tensor that leads from a lower to a higher node."""

    source: int
    target: int
    operation: str | None
    """Name of the operation on the way; None for a plain connection, which every path may take."""


def cell_descriptors(
    edges: Collection[Edge], inputs: Collection[int], output: int, operations: Sequence[str]
) -> dict[str, float]:
    """Describe a cell whose nodes are numbered in order.

    Args:
        edges: Edges of the cell, without those that carry nothing.
        inputs: Nodes that receive the cell's inputs.
        output: The last node.
        operations: Names of all operations that edges may have, a few.

    Returns:
        By name: for each operation, its ``edges``, those ``from input`` and ``to output`` and the most of them ``on a
        path``; for each set of operations, the edges of the ``shortest path`` (number of nodes + 1 if there is none)
        and of the ``longest path`` (0 if there is none) from input to output over these operations alone.

    Example:
        >>> edges = [Edge(0, 1, "conv"), Edge(1, 2, "conv"), Edge(0, 2, "skip")]
        >>> found = cell_descriptors(edges, inputs=[0], output=2, operations=["conv", "skip"])
        >>> found["edges: conv"], found["shortest path: conv"], found["longest path: conv or skip"]
        (2.0, 2.0, 2.0)
    """
    ordered = sorted(edges, key=lambda edge: edge[:2])
    found: dict[str, float] = {}
    for name in operations:
        mine = [edge for edge in ordered if edge.operation == name]
        found[f"edges: {name}"] = len(mine)
        found[f"from input: {name}"] = sum(edge.source in inputs for edge in mine)
        found[f"to output: {name}"] = sum(edge.target == output for edge in mine)
        found[f"on a path: {name}"] = _most_on_a_path(name, ordered, inputs, output)
    for names in _subsets(operations):
        allowed = [edge for edge in ordered if edge.operation is None or edge.operation in names]
        paths = _path_lengths(allowed, inputs, output)
        title = " or ".join(names) or "connections alone"
        found[f"shortest path: {title}"] = paths[0] if paths else output + 2
        found[f"longest path: {title}"] = paths[1] if paths else 0
    return {name: float(value) for name, value in found.items()}


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def _path_lengths(edges: Sequence[Edge], inputs: Collection[int], output: int) -> tuple[int, int] | None:
    """Return the edges on the shortest and the longest path from an input to the output; None without a path."""
    reached = dict.fromkeys(inputs, (0, 0))
    for source, target, _ in edges:
        if source in reached:
            shortest, longest = (length + 1 for length in reached[source])
            before = reached.get(target, (shortest, longest))
            reached[target] = min(before[0], shortest), max(before[1], longest)
    return reached.get(output)


def _most_on_a_path(counted: str, edges: Sequence[Edge], inputs: Collection[int], output: int) -> int:
    """Return the most edges of one operation on a path from an input to the output; 0 without a path."""
    most = dict.fromkeys(inputs, 0)
    for source, target, operation in edges:
        if source in most:
            most[target] = max(most.get(target, 0), most[source] + (operation == counted))
    return most.get(output, 0)
