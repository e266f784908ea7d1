"""Cells of NAS-Bench-101 as values.

The text of a cell is ``EDGES:OPERATIONS``: the row-major upper triangle of the adjacency matrix as bits,
and the operations of the vertices between input and output, for instance ``100101:conv3x3,maxpool3x3``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Cell:
    """Cell whose vertex 0 is the input and whose last vertex is the output; ``edges`` go from lower to higher vertices.

    Canonical cells are equal if their networks are.
    """

    vertices: int
    edges: frozenset[tuple[int, int]]
    operations: tuple[str, ...]
    """Operations of the vertices 1 … vertices − 2."""

    def __str__(self) -> str:
        bits = "".join("1" if edge in self.edges else "0" for edge in combinations(range(self.vertices), 2))
        return f"{bits}:{','.join(self.operations)}"

    @property
    def output(self) -> int:
        """The last vertex."""
        return self.vertices - 1

    def sources(self, vertex: int) -> list[int]:
        """Return the vertices with an edge to ``vertex``, in order."""
        return sorted(source for source, target in self.edges if target == vertex)


def vertex_channels(cell: Cell, c_in: int, c_out: int) -> list[int]:
    """Return the channels of each vertex, for a cell from ``c_in`` to ``c_out`` channels (Ying et al., 2019, appendix).

    Vertices that lead to the output share its channels, because their tensors are concatenated there; the first
    ones get one more where the division leaves a remainder. Any other inner vertex has as many as its widest successor.
    """
    output = cell.output
    channels = [c_in] + [0] * (output - 1) + [c_out]
    concatenated = [v for v in cell.sources(output) if v != 0]
    for place, vertex in enumerate(concatenated):
        share, rest = divmod(c_out, len(concatenated))
        channels[vertex] = share + (place < rest)
    for vertex in range(output - 1, 0, -1):
        if vertex not in concatenated:
            channels[vertex] = max(channels[t] for s, t in cell.edges if s == vertex)
    return channels
