"""Common base class of search spaces of four-node cells; each benchmark adds its texts and its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from eproxy_engine.spaces.descriptors import Edge, cell_descriptors
from eproxy_engine.spaces.four_node.cell import EDGES, NONE, FourNodeCell
from eproxy_engine.spaces.interface import SearchSpace
from eproxy_engine.spaces.paths import longest_path

if TYPE_CHECKING:
    import networkx as nx

C = TypeVar("C", bound=FourNodeCell)


class FourNodeSpace(SearchSpace[C]):
    """All cells of the type :attr:`cell`."""

    cell: type[C]
    costliest: str
    """The operation with the most FLOPs."""

    def sample(self, rng: np.random.Generator) -> C:
        """Draw uniformly from all cells."""
        names = self.cell.OPERATIONS
        return self.cell(tuple(names[i] for i in rng.integers(len(names), size=len(EDGES))))

    def mutate(self, architecture: C, rng: np.random.Generator) -> C:
        """Change the operation of one random edge."""
        changed, edge = list(architecture.operations), int(rng.integers(len(EDGES)))
        others = [name for name in self.cell.OPERATIONS if name != changed[edge]]
        changed[edge] = others[int(rng.integers(len(others)))]
        return self.cell(tuple(changed))

    def largest(self) -> C:
        return self.cell((self.costliest,) * len(EDGES))

    def equivalent(self, architecture: C) -> C:
        return architecture.representative()

    def descriptors(self, architecture: C) -> dict[str, float]:
        """Describe the cell of the representative, so that equal networks are described alike."""
        edges = [Edge(*ends, operation) for ends, operation in architecture.representative().edges().items()]
        operations = [name for name in self.cell.OPERATIONS if name != NONE]
        return cell_descriptors(edges, inputs=[0], output=3, operations=operations)

    def decisions(self, architecture: C) -> tuple[str, ...]:
        """Return the operations of the edges."""
        return architecture.operations

    def depth(self, architecture: C) -> int:
        """Return the length of the longest path through the cell, over edges that carry something."""
        return longest_path(architecture.edges())

    def drawings(self, architecture: C) -> dict[str, nx.DiGraph]:
        """Draw the nodes, and the edges that carry something with their operation as label."""
        import networkx as nx

        graph = nx.DiGraph()
        for node, label in enumerate(("input", "1", "2", "output")):
            graph.add_node(node, label=label)
        for (source, target), operation in architecture.edges().items():
            graph.add_edge(source, target, label=operation)
        return {"cell": graph}
