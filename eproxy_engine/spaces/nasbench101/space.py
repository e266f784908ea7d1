"""The NAS-Bench-101 search space (Ying et al., 2019)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.descriptors import Edge, cell_descriptors
from eproxy_engine.spaces.formats import Format, read_in, titles
from eproxy_engine.spaces.interface import CIFAR_SIZE, SearchSpace, Task
from eproxy_engine.spaces.nasbench101.arithmetic import Counts, network_counts
from eproxy_engine.spaces.nasbench101.canonical import MAX_EDGES, MAX_VERTICES, OPERATIONS, canonical, read
from eproxy_engine.spaces.nasbench101.cell import Cell
from eproxy_engine.spaces.nasbench101.formats import FORMATS
from eproxy_engine.spaces.paths import longest_path

if TYPE_CHECKING:
    import networkx as nx

    from eproxy_engine.spaces.backbone import Backbone

SHOWN = 200
"""Characters of a refused text that its message shows."""
LARGEST = "101101100001000100101:conv3x3,conv3x3,conv3x3,conv3x3,conv3x3"


class NASBench101(SearchSpace[Cell]):
    """All 423,624 cells of up to seven vertices and nine edges; three stages of three cells.

    Isomorphic cells are one architecture: :func:`canonical.canonical` returns the representative in the benchmark's
    own table.
    """

    name = "nasbench101"
    title = "NAS-Bench-101"
    family = "NAS-Bench"
    tasks = (
        Task("cifar10", "CIFAR-10, the paper's 2,500 architectures", short="CIFAR-10, the paper's"),
        Task(
            "cifar10-valid",
            "CIFAR-10, validation accuracy of 30,001 architectures, one training each",
            short="CIFAR-10, 30,001 networks",
        ),
        Task("imagenet", "ImageNet, top-1 accuracy of 500 architectures", short="ImageNet, 500 networks"),
    )
    published_width = 128
    small_width = 16
    typical_speed = 4.5e10
    largest_flops = 7_335_187_456

    def parse(self, text: str) -> Cell:
        """Read the canonical text, matrix and operations, or NASLib's tuple; the cell need not be pruned."""
        given = text.strip()
        cell = read(given) or read_in(FORMATS, given)
        if cell is None:
            raise UserError(
                f"not a NAS-Bench-101 architecture: {text[:SHOWN]!r}; accepted: the upper triangle of the adjacency "
                f"matrix as bits, a colon, then up to {MAX_VERTICES - 2} operations, as in "
                f"100101:conv3x3,maxpool3x3; also tried: {titles(FORMATS)}"
            )
        return cell

    def formats(self) -> tuple[Format[Cell], ...]:
        return FORMATS

    def sample(self, rng: np.random.Generator) -> Cell:
        """Draw uniformly from the matrices and operations of valid cells, as in the benchmark's own code."""
        while True:
            pairs = combinations(range(MAX_VERTICES), 2)
            edges = frozenset(pair for pair in pairs if rng.integers(2))
            operations = tuple(OPERATIONS[i] for i in rng.integers(len(OPERATIONS), size=MAX_VERTICES - 2))
            cell = _valid(Cell(MAX_VERTICES, edges, operations))
            if cell is not None:
                return cell

    def mutate(self, architecture: Cell, rng: np.random.Generator) -> Cell:
        """Flip one edge or change one operation, in the cell padded to seven vertices."""
        pairs = list(combinations(range(MAX_VERTICES), 2))
        while True:
            padded = _padded(architecture, rng)
            edges, operations = set(padded.edges), list(padded.operations)
            choice = int(rng.integers(len(pairs) + len(operations)))
            if choice < len(pairs):
                edges ^= {pairs[choice]}
            else:
                vertex = choice - len(pairs)
                others = [op for op in OPERATIONS if op != operations[vertex]]
                operations[vertex] = others[int(rng.integers(len(others)))]
            cell = _valid(Cell(MAX_VERTICES, frozenset(edges), tuple(operations)))
            if cell is not None and cell != architecture:
                return cell

    def build(self, architecture: Cell, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.nasbench101.network import Network

        return Network(architecture, width)

    def largest(self) -> Cell:
        return self.parse(LARGEST)

    def descriptors(self, architecture: Cell) -> dict[str, float]:
        """Describe the cell; the operation of a vertex counts as that of the edges that lead to it."""
        operation_of = dict(enumerate(architecture.operations, start=1))
        edges = [Edge(source, target, operation_of.get(target)) for source, target in architecture.edges]
        last = [operation_of.get(source) for source in architecture.sources(architecture.output)]
        return {
            **cell_descriptors(edges, inputs=[0], output=architecture.output, operations=OPERATIONS),
            **{f"vertices: {name}": float(architecture.operations.count(name)) for name in OPERATIONS},
            **{f"to output: {name}": float(last.count(name)) for name in OPERATIONS},
            "vertices": float(architecture.vertices),
            "edges": float(len(edges)),
            "edges from the input": float(sum(edge.source == 0 for edge in edges)),
            "edges to the output": float(sum(edge.target == architecture.output for edge in edges)),
        }

    def counts(self, architecture: Cell) -> Counts:
        """Return parameters and FLOPs at the published width, by arithmetic."""
        return network_counts(architecture, self.published_width, self.input_size, self.classes)

    def decisions(self, architecture: Cell) -> tuple[str, ...]:
        """Return vertex by vertex its operation and which of the earlier ones lead to it, the output's last.

        Places without a vertex lie before the output, as if no edge led there.
        """
        inner = range(1, architecture.output)
        found: list[str] = []
        for place in range(1, MAX_VERTICES - 1):
            found += [architecture.operations[place - 1] if place in inner else "absent"]
            found += ["01"[(source, place) in architecture.edges and place in inner] for source in range(place)]
        return (
            *found,
            *("01"[(source, architecture.output) in architecture.edges] for source in range(MAX_VERTICES - 1)),
        )

    def depth(self, architecture: Cell) -> int:
        """Return the length of the longest path through the cell."""
        return longest_path(architecture.edges)

    def drawings(self, architecture: Cell) -> dict[str, nx.DiGraph]:
        import networkx as nx

        graph = nx.DiGraph()
        for vertex, label in enumerate(("input", *architecture.operations, "output")):
            graph.add_node(vertex, label=label)
        graph.add_edges_from(sorted(architecture.edges), label="")
        return {"cell": graph}


def _valid(cell: Cell) -> Cell | None:
    """Return the cell in canonical form if it is in the space, else None."""
    pruned = canonical(cell)
    return pruned if pruned is not None and len(pruned.edges) <= MAX_EDGES else None


def _padded(cell: Cell, rng: np.random.Generator) -> Cell:
    """Fill the cell up to seven vertices with random vertices at random places.

    Each has an edge from an earlier vertex and none to a later one: it changes nothing yet, but one flipped edge can
    put it on a path.
    """
    inner = sorted(rng.choice(np.arange(1, MAX_VERTICES - 1), size=cell.vertices - 2, replace=False).tolist())
    place = [0, *inner, MAX_VERTICES - 1]
    operations = [OPERATIONS[i] for i in rng.integers(len(OPERATIONS), size=MAX_VERTICES - 2)]
    for vertex, name in zip(inner, cell.operations, strict=True):
        operations[vertex - 1] = name
    edges = {(place[a], place[b]) for a, b in cell.edges}
    edges |= {(int(rng.integers(vertex)), vertex) for vertex in range(1, MAX_VERTICES - 1) if vertex not in inner}
    return Cell(MAX_VERTICES, frozenset(edges), tuple(operations))
