"""Cells of four nodes, with an operation between every earlier and every later node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
"""Edges (source, target) in the order of the benchmarks' texts. Node 0 is the input, node 3 the output."""
NONE = "none"
"""The operation of an edge that carries nothing."""


@dataclass(frozen=True)
class FourNodeCell:
    """Cell with one operation for each of :data:`EDGES`. Each benchmark's subclass defines the text."""

    OPERATIONS: ClassVar[tuple[str, ...]]
    """Operations of an edge, including :data:`NONE`."""
    PASSING: ClassVar[tuple[str, ...]]
    """Operations from node 1 or 2 that map zeros to zeros; a convolution still learns a bias."""

    operations: tuple[str, ...]

    def edges(self) -> dict[tuple[int, int], str]:
        """Return the operations by (source, target), without edges that carry nothing."""
        return {edge: name for edge, name in zip(EDGES, self.operations, strict=True) if name != NONE}

    def representative(self) -> Self:
        """Remove edges that carry nothing or lead nowhere, and put unconnected nodes 1 and 2 in order.

        An edge carries nothing if its operation is one of :attr:`PASSING` and its source receives nothing, and
        leads nowhere if no output depends on its target.
        """
        edges = dict(zip(EDGES, self.operations, strict=True))
        for node in (1, 2):
            receives = any(edges[edge] != NONE for edge in EDGES if edge[1] == node)
            for edge in EDGES:
                if edge[0] == node and not receives and edges[edge] in self.PASSING:
                    edges[edge] = NONE
        for node in (2, 1):
            if all(edges[edge] == NONE for edge in EDGES if edge[0] == node):
                edges |= {edge: NONE for edge in EDGES if edge[1] == node}
        if edges[1, 2] == NONE:  # nodes 1 and 2 can be swapped
            first, second = sorted([(edges[0, 1], edges[1, 3]), (edges[0, 2], edges[2, 3])])
            (edges[0, 1], edges[1, 3]), (edges[0, 2], edges[2, 3]) = first, second
        return type(self)(tuple(edges[edge] for edge in EDGES))
