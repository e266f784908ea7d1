"""The drawing of a cell: operations on nodes or on edges, themes, and text that cannot break out."""

import re

import networkx as nx
import numpy as np
import pytest

from app.charts import operations, palette
from app.charts.cell import cell_dot
from eproxy_engine import spaces

NB201 = "|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|avg_pool_3x3~0|none~1|none~2|"


def drawing(space: str, architecture: str, dark: bool = False) -> str:
    family = spaces.get(space)
    return cell_dot(family.drawings(family.parse(architecture))["cell"], dark)


def labels(dot: str) -> list[str]:
    return re.findall(r'\[label="([^"]*)"', dot)


def test_operations_on_nodes() -> None:
    dot = drawing("nasbench101", "100101:conv3x3,maxpool3x3")
    assert labels(dot) == ["input", "3x3 conv", "3x3 max pool", "output"]
    assert "invis" not in dot
    assert dot.count("->") == 3
    assert f'label="3x3 conv", fillcolor="{palette.GREEN}"' in dot


def test_operations_on_edges_become_boxes_between_the_nodes() -> None:
    dot = drawing("nasbench201", NB201)
    assert labels(dot) == ["input", "1", "2", "output", "3x3 conv", "1x1 conv", "3x3 avg pool", "skip"]
    assert "n0 -> e0 [arrowhead=none];" in dot
    assert "e0 -> n1;" in dot
    assert f'label="skip", fillcolor="{palette.MUTED}"' in dot
    assert "n0 -> n1 -> n2 -> n3 [style=invis" in dot


def test_what_no_input_reaches_is_not_drawn() -> None:
    dot = drawing("nasbench201", "|none~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|")
    assert labels(dot) == ["input", "output", "skip"]
    assert dot.count("->") == 3, "in and out of the operation, and the order of the two nodes"


def test_a_cell_without_any_operation() -> None:
    nothing = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"
    assert labels(drawing("nasbench201", nothing)) == ["input", "output"]
    assert cell_dot(nx.DiGraph(), dark=False).startswith("digraph")


@pytest.mark.parametrize(("dark", "ink"), [(True, "#FAFAFA"), (False, "#262730")])
def test_theme(dark: bool, ink: str) -> None:
    dot = drawing("nasbench101", "100101:conv3x3,maxpool3x3", dark)
    assert f'fontcolor="{ink}"' in dot
    assert 'bgcolor="transparent"' in dot
    assert "rankdir=LR" in dot


def test_downwards_for_a_narrow_column() -> None:
    graph = spaces.get("nasbench101").drawings(spaces.get("nasbench101").largest())["cell"]
    assert "rankdir=TB" in cell_dot(graph, dark=False, downwards=True)


def test_unknown_operations_keep_their_name() -> None:
    graph = nx.DiGraph()
    graph.add_node(0, label="mystery")
    dot = cell_dot(graph, dark=False)
    assert f'[label="mystery", fillcolor="{palette.MUTED}"' in dot


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('a"];evil [label="b', '"a\\"];evil [label=\\"b"'),
        ("back\\slash\\", '"back\\\\slash\\\\"'),
        ("&lt;b&gt;", '"&amp;lt;b&amp;gt;"'),
        ("two\nlines\0", '"two lines "'),
        ("<b>x</b>", '"<b>x</b>"'),
    ],
)
def test_text_cannot_break_out(text: str, quoted: str) -> None:
    graph = nx.DiGraph()
    graph.add_node('id"]', label=text)
    graph.add_node(1, label="output")
    graph.add_edge('id"]', 1, label=text)
    dot = cell_dot(graph, dark=False)
    assert dot.count(quoted) == 2
    assert 'id"' not in dot


def test_edges_between_the_same_nodes_are_all_drawn() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", label="input k−2")
    graph.add_node("b", label="output")
    for operation in ("sep_conv_3x3", "max_pool_3x3"):
        graph.add_edge("a", "b", label=operation)
    dot = cell_dot(graph, dark=False)
    assert labels(dot) == ["input k−2", "output", "3x3 sep conv", "3x3 max pool"]
    assert "shape=circle" not in dot


@pytest.mark.parametrize("name", spaces.names())
def test_everything_a_space_draws_has_a_short_label(name: str) -> None:
    family = spaces.get(name)
    rng = np.random.default_rng(0)
    for _ in range(5):
        for graph in family.drawings(family.sample(rng)).values():
            assert all(len(label) <= 56 for label in labels(cell_dot(graph, dark=False)))


@pytest.mark.parametrize(
    ("operation", "title", "fill"),
    [
        ("conv3x3", "3x3 conv", palette.GREEN),
        ("conv_3x3", "3x3 conv", palette.GREEN),
        ("nor_conv_1x1", "1x1 conv", palette.SKY_BLUE),
        ("conv1x1", "1x1 conv", palette.SKY_BLUE),
        ("conv_3x1_1x3", "3x1 1x3 conv", palette.GREEN),
        ("sep_conv_7x7", "7x7 sep conv", palette.GREEN),
        ("dil_conv_5x5", "5x5 dil conv", palette.YELLOW),
        ("dil_sep_conv_3x3", "3x3 dil sep conv", palette.YELLOW),
        ("avg_pool_3x3", "3x3 avg pool", palette.ORANGE),
        ("maxpool3x3", "3x3 max pool", palette.ORANGE),
        ("skip_connect", "skip", palette.MUTED),
        ("2 blocks, 128 channels", "2 blocks, 128 channels", palette.MUTED),
    ],
)
def test_names_of_operations(operation: str, title: str, fill: str) -> None:
    assert operations.title(operation) == title
    assert operations.colour(operation) == fill


def test_parallel_branches_are_told_apart_by_their_row() -> None:
    graph = nx.DiGraph()
    for row in range(5):
        graph.add_node(row, label=f"branch {row}", row=row)
    fills = re.findall(r'fillcolor="(#\w+)"', cell_dot(graph, dark=False))
    assert fills == [*palette.ROWS, palette.ROWS[0]]
