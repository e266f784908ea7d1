"""Genotypes as values: a normal and a reduction cell, the number of cells and their width.

The canonical text names, for each inner node of a cell, the two operations that it sums and the tensor that each
takes: 0 and 1 are the outputs of the cell before the last and of the last one, 2 is the first inner node. Nodes are
separated by ``|``, the two inputs of a node by ``+``, for instance (with two nodes a cell)
``d14w48;normal=sep_conv_3x3~0+none~1|skip_connect~0+max_pool_3x3~2;reduce=…``.
"""

from __future__ import annotations

from dataclasses import dataclass

INPUTS = 2
"""Number of input tensors of a cell; inner nodes are numbered from here."""

Edge = tuple[str, int]
"""Operation and the tensor it takes."""
Node = tuple[Edge, Edge]
"""The sum of two edges."""
Cell = tuple[Node, ...]


@dataclass(frozen=True)
class Genotype:
    """One architecture: ``depth`` cells, two of them reduction cells; ``width`` channels per operation in the first."""

    depth: int
    width: int
    normal: Cell
    reduction: Cell

    def __str__(self) -> str:
        return f"d{self.depth}w{self.width};normal={cell_text(self.normal)};reduce={cell_text(self.reduction)}"

    @property
    def reductions(self) -> tuple[int, int]:
        """Indices of the reduction cells among all cells."""
        return self.depth // 3, 2 * self.depth // 3


def cell_text(cell: Cell) -> str:
    """Write a cell as in the canonical text."""
    return "|".join("+".join(f"{operation}~{source}" for operation, source in node) for node in cell)


def cell_of(edges: list[Edge]) -> Cell:
    """Make the cell whose nodes each sum two successive ``edges``."""
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def edges_of(cell: Cell) -> list[Edge]:
    """Return all edges, node by node."""
    return [edge for node in cell for edge in node]


def all_nodes(cell: Cell) -> list[int]:
    """Return all inner nodes."""
    return list(range(INPUTS, INPUTS + len(cell)))


def loose_ends(cell: Cell) -> list[int]:
    """Return the inner nodes that no other node takes."""
    taken = {source for _, source in edges_of(cell)}
    return [node for node in all_nodes(cell) if node not in taken]
