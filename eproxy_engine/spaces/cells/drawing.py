"""Cells as graphs to draw."""

from __future__ import annotations

import networkx as nx

from eproxy_engine.spaces.cells.genotype import INPUTS, Cell

INPUT_LABELS = ("input k−2", "input k−1")
"""Of the outputs of the cell before the last one and of the last one, as in DARTS's own drawings."""


def cell_graph(cell: Cell, concatenated: list[int]) -> nx.MultiDiGraph:
    """Operations are on edges, of which two nodes can have two; ``none`` is left out.

    Inner nodes are numbered from 0, as in DARTS's own drawings. Edges to the output, without a label, say which nodes
    make it.
    """
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
