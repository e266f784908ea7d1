"""The NAS-Bench-201 search space (Dong and Yang, 2020).

A cell has four nodes; every earlier node sends its tensor to every later one through an operation. The
canonical text is the benchmark's own, for instance
``|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.interface import CIFAR_SIZE, Architecture, SearchSpace, Task

if TYPE_CHECKING:
    from eproxy_engine.spaces.backbone import Backbone

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
"""(source, target) in the order in which the text lists them."""


@dataclass(frozen=True)
class Cell:
    """One operation for each of :data:`EDGES`."""

    operations: tuple[str, ...]

    def __str__(self) -> str:
        nodes = [
            "|"
            + "".join(f"{op}~{source}|" for (source, to), op in zip(EDGES, self.operations, strict=True) if to == node)
            for node in (1, 2, 3)
        ]
        return "+".join(nodes)

    def edges(self) -> dict[tuple[int, int], str]:
        """Operation by (source, target)."""
        return dict(zip(EDGES, self.operations, strict=True))


class NASBench201(SearchSpace):
    """All 5^6 = 15,625 cells; the network has three stages of five cells, 16, 32 and 64 channels."""

    name = "nasbench201"
    title = "NAS-Bench-201"
    family = "NAS-Bench"
    tasks = (
        Task("cifar10", "CIFAR-10, validation accuracy"),
        Task("cifar100", "CIFAR-100, validation accuracy"),
        Task("imagenet16-120", "ImageNet16-120, validation accuracy"),
        Task("cifar10-valid-test", "CIFAR-10, test accuracy of the networks trained on the 25k split"),
        Task("cifar10-test", "CIFAR-10, test accuracy of the networks trained on all 50k"),
        Task("cifar100-test", "CIFAR-100, test accuracy"),
        Task("imagenet16-120-test", "ImageNet16-120, test accuracy"),
    )
    published_width = 16
    small_width = 16
    largest_flops = 220_119_680

    def parse(self, text: str) -> Cell:
        words = re.findall(r"(\w+)~(\d)", text)
        cell = Cell(tuple(op for op, _ in words))
        unknown = [op for op in cell.operations if op not in OPERATIONS]
        if unknown:
            raise UserError(f"{one_of(unknown[0], OPERATIONS, 'NAS-Bench-201 operation')} (in {text!r})")
        if len(words) != len(EDGES) or str(cell) != text.strip():
            raise UserError(
                f"not a NAS-Bench-201 architecture: {text!r}; accepted: three nodes of operation~source, "
                f"as in {Cell(('nor_conv_3x3',) * 6)!s}"
            )
        return cell

    def sample(self, rng: np.random.Generator) -> Cell:
        return Cell(tuple(OPERATIONS[i] for i in rng.integers(len(OPERATIONS), size=len(EDGES))))

    def mutate(self, architecture: Architecture, rng: np.random.Generator) -> Cell:
        """Another operation on one random edge."""
        assert isinstance(architecture, Cell)
        edge = int(rng.integers(len(EDGES)))
        others = [op for op in OPERATIONS if op != architecture.operations[edge]]
        changed = list(architecture.operations)
        changed[edge] = others[int(rng.integers(len(others)))]
        return Cell(tuple(changed))

    def build(self, architecture: Architecture, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.nasbench201.network import Network

        assert isinstance(architecture, Cell)
        return Network(architecture, width)

    def largest(self) -> Cell:
        return Cell(("nor_conv_3x3",) * len(EDGES))

    def equivalent(self, architecture: Architecture) -> Cell:
        """Without the edges that carry nothing or lead nowhere, and with unconnected nodes 1 and 2 in order.

        An edge carries nothing if it is a skip or a pooling from a node that receives nothing (a convolution
        there still learns a bias), and leads nowhere if no output depends on its target.
        """
        assert isinstance(architecture, Cell)
        edges = architecture.edges()
        for node in (1, 2):
            receives = any(edges[edge] != "none" for edge in EDGES if edge[1] == node)
            for edge in EDGES:
                if edge[0] == node and not receives and edges[edge] in ("skip_connect", "avg_pool_3x3"):
                    edges[edge] = "none"
        for node in (2, 1):
            if all(edges[edge] == "none" for edge in EDGES if edge[0] == node):
                edges |= {edge: "none" for edge in EDGES if edge[1] == node}
        if edges[1, 2] == "none":  # nodes 1 and 2 can be exchanged
            first, second = sorted([(edges[0, 1], edges[1, 3]), (edges[0, 2], edges[2, 3])])
            (edges[0, 1], edges[1, 3]), (edges[0, 2], edges[2, 3]) = first, second
        return Cell(tuple(edges[edge] for edge in EDGES))

    def drawings(self, architecture: Architecture) -> dict[str, nx.DiGraph]:
        assert isinstance(architecture, Cell)
        graph = nx.DiGraph()
        for node, label in enumerate(("input", "1", "2", "output")):
            graph.add_node(node, label=label)
        for (source, target), operation in architecture.edges().items():
            if operation != "none":
                graph.add_edge(source, target, label=operation)
        return {"cell": graph}
