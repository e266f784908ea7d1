"""Drawings in a row of a table."""

import base64
from xml.etree import ElementTree

import networkx as nx
import pytest

from app.architectures.charts.thumbnail import LARGEST, thumbnail
from app.charts import palette
from eproxy_engine import spaces

SVG = "{http://www.w3.org/2000/svg}"


def drawn(graph: nx.DiGraph) -> ElementTree.Element:
    uri = thumbnail(graph)
    assert uri is not None
    head, _, body = uri.partition(",")
    assert head == "data:image/svg+xml;base64"
    return ElementTree.fromstring(base64.b64decode(body))


def cell(space: str, text: str) -> nx.DiGraph:
    family = spaces.get(space)
    return next(iter(family.drawings(family.parse(text)).values()))


@pytest.mark.parametrize(
    ("space", "text", "operations", "lines"),
    [
        ("nasbench201", "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|", 3, 6),
        ("nasbench101", "100101:conv3x3,maxpool3x3", 2, 3),
    ],
)
def test_operations_are_boxes_in_their_colours(space: str, text: str, operations: int, lines: int) -> None:
    svg = drawn(cell(space, text))
    boxes = svg.findall(f"{SVG}rect")
    assert len(boxes) == operations
    assert boxes[0].get("fill") == palette.GREEN
    assert len(svg.findall(f"{SVG}line")) == lines
    right = max(float(box.get("x", 0)) + float(box.get("width", 0)) for box in boxes)
    assert right < float(svg.get("width", 0))


def test_what_is_too_large_or_empty_is_not_drawn() -> None:
    assert thumbnail(nx.DiGraph()) is None
    chain = nx.path_graph(LARGEST + 1, create_using=nx.DiGraph)
    nx.set_node_attributes(chain, "conv_3x3", "label")
    assert thumbnail(chain) is None
