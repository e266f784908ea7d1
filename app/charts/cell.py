"""Drawing of a cell or a network: Graphviz source, which the browser lays out."""

from __future__ import annotations

import networkx as nx

from app.charts import operations, palette
from app.charts.dot import label as quoted

_FONT = "Helvetica,Arial,sans-serif"
_ROW, _BETWEEN = 67, 33
"""Pixels from one row of boxes to the next, and between two."""


def cell_dot(graph: nx.DiGraph, dark: bool, downwards: bool = False) -> str:
    """Return the DOT source of a cell whose nodes and edges have a ``label``; ``dark``: for a dark page.

    The drawing goes from left to right, or ``downwards`` for a narrow column.

    Operations are filled boxes, coloured by kind, or by ``row`` if a network has parallel branches. An operation on an
    edge becomes a box between two nodes. What no input reaches computes nothing, and is left out.
    """
    ink = "#FAFAFA" if dark else "#262730"
    line = "#B4B4B4" if dark else "#606060"
    on_edges = any(label for *_, label in graph.edges(data="label"))
    graph = reached(graph)
    names = {node: f"n{i}" for i, node in enumerate(graph)}
    lines = [
        f'graph [rankdir={"TB" if downwards else "LR"}, bgcolor="transparent", nodesep=0.2, ranksep=0.35, pad=0.05];',
        f'node [shape=box, style="rounded,filled", penwidth=0, height=0.35, margin="0.14,0.06", '
        f'fontname="{_FONT}", fontsize=12];',
        f'edge [color="{line}", arrowsize=0.6, penwidth=1.2];',
    ]
    for node, values in graph.nodes(data=True):
        label = values.get("label", "")
        terminal = label == "output" or label.startswith("input")
        if on_edges or terminal:
            shape = "box" if terminal else "circle"
            style = f'shape={shape}, style=rounded, penwidth=1.2, color="{line}", fontcolor="{ink}"'
            lines.append(f"{names[node]} [label={quoted(label)}, {style}];")
        else:
            lines.append(_operation(names[node], label, values.get("row")))
    for i, (source, target, label) in enumerate(graph.edges(data="label", default="")):
        if label:
            lines.append(_operation(f"e{i}", label))
            lines.append(f"{names[source]} -> e{i} [arrowhead=none];")
            lines.append(f"e{i} -> {names[target]};")
        else:
            lines.append(f"{names[source]} -> {names[target]};")
    if on_edges:
        # A node without inputs would otherwise be drawn beside the input.
        lines.append(f"{' -> '.join(names.values())} [style=invis, weight=0];")
    return "digraph cell {\n  " + "\n  ".join(lines) + "\n}\n"


def natural_height(graph: nx.DiGraph) -> int:
    """Return the pixels of a drawing downwards whose text is as large as that of the page.

    >>> natural_height(nx.path_graph(3, nx.DiGraph))
    168
    """
    drawn = reached(graph)
    rows = nx.dag_longest_path_length(drawn, weight=None) + 1 if len(drawn) else 1
    if any(label for *_, label in drawn.edges(data="label")):
        rows = 2 * rows - 1
    return _ROW * rows - _BETWEEN


def reached(graph: nx.DiGraph) -> nx.DiGraph:
    """Return the part of the graph that inputs lead to, and the outputs."""
    labels = {node: str(label) for node, label in graph.nodes(data="label", default="")}
    inputs = [node for node, label in labels.items() if label.startswith("input")]
    kept = set(inputs) | {node for node, label in labels.items() if label == "output"}
    for node in inputs:
        kept |= nx.descendants(graph, node)
    reached = graph.copy()  # in the order of the graph, unlike its subgraph
    reached.remove_nodes_from([node for node in graph if node not in kept] if inputs else [])
    return reached


def _operation(name: str, operation: str, row: int | None = None) -> str:
    fill = operations.colour(operation) if row is None else palette.ROWS[row % len(palette.ROWS)]
    label = quoted(operations.title(operation))
    return f'{name} [label={label}, fillcolor="{fill}", fontcolor="{palette.text_on(fill)}"];'
