"""Drawing of a cell small enough for a row of a table: what leads where, operations by their colours."""

from __future__ import annotations

import base64
from collections.abc import Hashable

import networkx as nx

from app.charts import operations, palette
from app.charts.cell import reached

ACROSS, DOWN = 22, 14
"""Pixels between two columns and two rows."""
LOWEST = 4 * DOWN
"""Least height, as the table enlarges what is lower than a row."""
WIDE, HIGH, DOT = 15, 9, 3
LARGEST = 60
"""Most operations of a drawing; of more, nothing would be seen."""


def thumbnail(graph: nx.DiGraph) -> str | None:
    """Return an SVG as data URI, from left to right; None for a graph that is too large or has no nodes.

    ``graph``: as for :func:`app.charts.cell.cell_dot`. One grey serves both themes.
    """
    drawn = _with_operations_as_nodes(reached(graph))
    if not 0 < len(drawn) <= LARGEST:
        return None
    columns = list(nx.topological_generations(drawn))
    height = max(DOWN * max(map(len, columns)) + DOWN, LOWEST)
    middles: dict[Hashable, tuple[float, float]] = {}
    for i, column in enumerate(columns):
        for j, node in enumerate(column):
            middles[node] = (ACROSS * (i + 0.7), height / 2 + DOWN * (j - (len(column) - 1) / 2))
    lines = [_line(*middles[a], *middles[b]) for a, b in drawn.edges]
    marks = [_mark(*middles[node], str(label)) for node, label in drawn.nodes(data="label")]
    size = f'width="{ACROSS * (len(columns) + 0.4):.0f}" height="{height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(lines + marks)}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _with_operations_as_nodes(graph: nx.DiGraph) -> nx.DiGraph:
    """Turn each operation on an edge into a node; nodes that are none lose their label."""
    on_edges = any(label for *_, label in graph.edges(data="label"))
    drawn = nx.DiGraph()
    for node, label in graph.nodes(data="label", default=""):
        terminal = str(label) == "output" or str(label).startswith("input")
        drawn.add_node(node, label="" if on_edges or terminal else label)
    for source, target, label in graph.edges(data="label"):
        if label:
            drawn.add_node((source, target, label), label=label)
            drawn.add_edge(source, (source, target, label))
            drawn.add_edge((source, target, label), target)
        else:
            drawn.add_edge(source, target)
    return drawn


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}" stroke="{palette.MUTED}"/>'


def _mark(x: float, y: float, operation: str) -> str:
    if not operation:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{DOT}" fill="{palette.MUTED}"/>'
    place = f'x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}" width="{WIDE}" height="{HIGH}" rx="2"'
    return f'<rect {place} fill="{operations.colour(operation)}"/>'
