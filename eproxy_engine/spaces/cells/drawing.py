"""Cells as graphs to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.spaces.cells.genotype import INPUTS, Cell

if TYPE_CHECKING:
    import networkx as nx

INPUT_LABELS = ("input k−2", "input k−1")
"""Labels of the outputs of the cell before the last and of the last cell, as in DARTS's own drawings."""


def cell_graph(cell: Cell, concatenated: list[int]) -> nx.MultiDiGraph:
    """Draw a cell with its operations on the edges, without ``none``.

    Two nodes can have two edges. Inner nodes are numbered from 0, as in DARTS's own drawings. Edges without a label
    lead from the ``concatenated`` nodes to the output.
    """
    import networkx as nx

    output = INPUTS + len(cell)
    graph = nx.MultiDiGraph()
    for number, label in enumerate((*INPUT_LABELS, *map(str, range(len(cell))), "output")):
        graph.add_node(number, label=label)
    for target, node in enumerate(cell, start=INPUTS):
        for operation, source in node:
            if operation != "none":
                graph.add_edge(source, target, label=operation)
    graph.add_edges_from(((number, output) for number in concatenated), label="")
    return graph
