"""The drawing of a cell: operations on nodes or on edges, themes, and text that cannot break out."""

import re

import networkx as nx
import numpy as np
import pytest

from app.charts import palette
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
    assert f'label="3x3 conv", fillcolor="{palette.OPERATIONS["conv3x3"]}"' in dot


def test_operations_on_edges_become_boxes_between_the_nodes() -> None:
    dot = drawing("nasbench201", NB201)
    assert labels(dot) == ["input", "1", "2", "output", "3x3 conv", "1x1 conv", "3x3 avg pool", "skip"]
    assert "n0 -> e0 [arrowhead=none];" in dot
    assert "e0 -> n1;" in dot
    assert f'label="skip", fillcolor="{palette.MUTED}"' in dot
    assert "n0 -> n1 -> n2 -> n3 [style=invis" in dot


def test_a_cell_without_any_operation() -> None:
    nothing = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"
    assert labels(drawing("nasbench201", nothing))[0::3] == ["input", "output"]
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


@pytest.mark.parametrize("space", ["nasbench101", "nasbench201"])
def test_every_operation_of_the_spaces_has_a_colour(space: str) -> None:
    family = spaces.get(space)
    rng = np.random.default_rng(0)
    drawn = set()
    for _ in range(20):
        graph = family.drawings(family.sample(rng))["cell"]
        drawn |= {label for _, label in graph.nodes(data="label")} | {label for *_, label in graph.edges(data="label")}
    assert drawn - {"", "input", "output", "1", "2"} <= set(palette.OPERATIONS)
