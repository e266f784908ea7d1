"""Descriptors: counted by hand on one architecture of each family, by enumerating paths on random cells."""

from __future__ import annotations

import math
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine import spaces
from eproxy_engine.spaces.descriptors import Edge, cell_descriptors
from tests.properties import examples
from tests.registry import EXAMPLE, fresh_registry

__all__ = ["fresh_registry"]

DRAWS = 20


def described(space: str, text: str) -> dict[str, float]:
    family = spaces.get(space)
    return family.descriptors(family.parse(text))


def holds(found: dict[str, float], expected: dict[str, float], prefix: str = "") -> None:
    assert {name: found.get(prefix + name) for name in expected} == expected


# --- by hand ---

NO_PATH = 5
"""One more than the four nodes."""


def test_a_cell_of_nasbench201() -> None:
    """0→1 and 2→3 convolve 3x3, 0→2 1x1, 1→2 and 0→3 pass on, 1→3 pools."""
    text = "|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|"
    three, one, skip, pool = "nor_conv_3x3", "nor_conv_1x1", "skip_connect", "avg_pool_3x3"
    found = described("nasbench201", text)
    for title, counts in (("edges", (2, 1, 2, 1)), ("from input", (1, 1, 1, 0)), ("to output", (1, 0, 1, 1))):
        assert [found[f"{title}: {name}"] for name in (three, one, skip, pool)] == list(counts), title
    assert [found[f"on a path: {name}"] for name in (three, one, skip, pool)] == [2, 1, 1, 1]
    paths = {
        "connections alone": (NO_PATH, 0),
        three: (NO_PATH, 0),
        pool: (NO_PATH, 0),
        skip: (1, 1),
        f"{one} or {three}": (2, 2),
        f"{three} or {pool}": (2, 2),
        f"{one} or {pool}": (NO_PATH, 0),
        f"{skip} or {three}": (1, 3),
        f"{skip} or {one}": (1, 1),
        f"{skip} or {one} or {three} or {pool}": (1, 3),
    }
    for names, (shortest, longest) in paths.items():
        assert (found[f"shortest path: {names}"], found[f"longest path: {names}"]) == (shortest, longest), names
    assert len(found) == 4 * 4 + 2 * 2**4


def test_a_cell_of_nasbench101() -> None:
    """Vertices 1 and 2 convolve 1x1, 3 does 3x3; edges 0→1, 0→2, 0→4, 1→2, 1→3, 2→3, 3→4."""
    found = described("nasbench101", "1101110101:conv1x1,conv1x1,conv3x3")
    holds(found, {"vertices": 5, "edges": 7, "edges from the input": 3, "edges to the output": 2})
    for title, counts in {
        "vertices": (2, 1, 0),
        "edges": (3, 2, 0),
        "from input": (2, 0, 0),
        "to output": (0, 1, 0),
        "on a path": (2, 1, 0),
        "shortest path": (1, 1, 1),
        "longest path": (1, 1, 1),
    }.items():
        assert tuple(found[f"{title}: {name}"] for name in ("conv1x1", "conv3x3", "maxpool3x3")) == counts, title
    holds(found, {"shortest path: conv3x3 or conv1x1": 1, "longest path: conv3x3 or conv1x1": 4})


def test_a_cell_of_darts() -> None:
    """Inputs 0 and 1, nodes 2 to 5 and the output 6, which every node reaches by a plain connection."""
    normal = "sep_conv_3x3~0+skip_connect~1|none~1+sep_conv_5x5~2|max_pool_3x3~0+dil_conv_3x3~3"
    normal += "|sep_conv_3x3~3+skip_connect~4"
    reduce = "|".join(["skip_connect~0+none~1"] * 4)
    found = described("nds-imagenet-darts", f"d14w48;normal={normal};reduce={reduce}")
    assert (found["depth"], found["log2 width"]) == (14, math.log2(48))
    names = ("sep_conv_3x3", "sep_conv_5x5", "skip_connect", "none", "max_pool_3x3", "avg_pool_3x3", "dil_conv_3x3")
    assert [found[f"normal cell, operations: {name}"] for name in names] == [2, 1, 2, 1, 1, 0, 1]
    skip, pool, separable, other = "skip connection", "pooling", "separable convolution", "other convolution"
    for title, counts in (("edges", (2, 1, 3, 1)), ("from input", (1, 1, 1, 0)), ("on a path", (2, 1, 3, 1))):
        assert [found[f"normal cell, {title}: {name}"] for name in (skip, pool, separable, other)] == list(counts)
    for group, (shortest, longest) in {
        "connections alone": (8, 0),
        skip: (2, 2),
        pool: (2, 2),
        f"{skip} or {pool}": (2, 3),
        separable: (2, 4),
        other: (8, 0),
        f"{separable} or {other}": (2, 4),
        f"{skip} or {pool} or {separable} or {other}": (2, 5),
    }.items():
        ends = {f"shortest path: {group}": shortest, f"longest path: {group}": longest}
        holds(found, ends, "normal cell, ")
    holds(found, {"output nodes": 4, f"edges: {skip}": 4, "operations: none": 4}, "reduce cell, ")


def test_a_skeleton_of_transnas_macro() -> None:
    """2 doubles the channels, 3 halves the grid, 1 does neither."""
    found = described("transnas101-macro", "64-2311-basic")
    expected = dict.fromkeys(found, 0.0)
    expected |= {"modules": 4, "modules on a grid halved 0 times": 1, "modules on a grid halved 1 times": 3}
    assert found == expected | {"modules of 2 times the channels": 4, "sum of halvings": 3, "sum of doublings": 4}


def test_a_code_of_nasbench_mr() -> None:
    found = described("nasbench-mr", "64,32|3*2x16|1*1x8,4x64|3*4x8,3x128,2x32|2*3x16,2x64,3x8,1x128|32")
    stages = [
        (3, [(2, 4)]),
        (1, [(1, 3), (4, 6)]),
        (3, [(4, 3), (3, 7), (2, 5)]),
        (2, [(3, 4), (2, 6), (3, 3), (1, 7)]),
    ]
    expected: dict[str, float] = {"stem, log2 channels 1": 6, "stem, log2 channels 2": 5, "head, log2 channels": 5}
    for stage, (modules, branches) in enumerate(stages, 1):
        expected[f"stage {stage}, modules"] = modules
        for branch, (units, channels) in enumerate(branches, 1):
            expected[f"stage {stage}, branch {branch}, units"] = units
            expected[f"stage {stage}, branch {branch}, log2 channels"] = channels
    assert found == expected


@pytest.mark.parametrize(
    ("space", "text", "stages"),
    [
        (
            "nds-imagenet-resnext-a",
            "d16w128b0.5g1|d2w16b0.25g1|d1w256b0.5g4",
            [(16, 7, -1, 0), (2, 4, -2, 0), (1, 8, -1, 2)],
        ),
        ("nds-cifar10-resnet", "d16w32|d6w64|d3w16", [(16, 5, 0, 0), (6, 6, 0, 0), (3, 4, 0, 0)]),
    ],
)
def test_stages_of_residual_networks(space: str, text: str, stages: list[tuple[float, ...]]) -> None:
    titles = ("blocks", "log2 channels", "log2 bottleneck ratio", "log2 groups")
    expected = {
        f"stage {place}, {title}": value
        for place, values in enumerate(stages, 1)
        for title, value in zip(titles, values, strict=True)
    }
    assert described(space, text) == expected


def test_any_other_network_is_described_by_its_layers(fresh_registry: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of docs/your-own-space.md: four convolutions 3x3, of 16, 32, 32 and 64 channels."""
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    found = described("plain-convnets", "1-2-1/3/none/relu/full")
    flops = [32**2 * 16 * 3 * 9, 16**2 * 32 * 16 * 9, 16**2 * 32 * 32 * 9, 8**2 * 64 * 32 * 9]
    holds(found, {"convolutions": 4, "grouped convolutions": 0, "dilated convolutions": 0, "poolings": 0})
    assert [found[f"convolutions {side}x{side}"] for side in (1, 3, 5, 7)] == [0, 4, 0, 0]
    assert [found[f"grid 1/{side}: convolutions"] for side in (1, 2, 4, 8)] == [1, 2, 1, 0]
    assert [found[f"grid 1/{side}: log2 channels"] for side in (1, 2, 4, 8)] == [4, 5, 6, 0]
    by_grid = [flops[0], flops[1] + flops[2], flops[3]]
    assert [found[f"grid 1/{side}: log FLOPs"] for side in (1, 2, 4)] == pytest.approx([math.log1p(n) for n in by_grid])
    assert [found[f"grid 1/{side}: FLOPs share"] for side in (1, 2, 4)] == pytest.approx(
        [n / sum(flops) for n in by_grid]
    )
    weights = [16 * 3 * 9, 32 * 16 * 9 + 32 * 32 * 9, 64 * 32 * 9]
    assert [found[f"grid 1/{side}: log parameters"] for side in (1, 2, 4)] == pytest.approx(np.log1p(weights).tolist())
    other = described("plain-convnets", "2-2-2/5/batch/tanh/half")
    assert list(other) == list(found)
    holds(other, {"convolutions": 6, "convolutions 5x5": 6, "FLOPs share 5x5": 1, "grid 1/1: log2 channels": 3})


# --- whatever the architecture ---


@st.composite
def cells(draw: st.DrawFn) -> tuple[list[Edge], int]:
    """Edges between most of three to six nodes, some doubled and some plain connections; and the output."""
    output = draw(st.integers(2, 5))
    kinds = st.lists(st.sampled_from([None, "a", "b", "c"]), max_size=2)
    pairs = list(combinations(range(output + 1), 2))
    edges = [Edge(*pair, kind) for pair in pairs for kind in draw(kinds)]
    return draw(st.permutations(edges)), output


@examples(4)
@given(cell=cells(), inputs=st.sampled_from([(0,), (0, 1)]))
def test_paths_are_those_that_enumeration_finds(cell: tuple[list[Edge], int], inputs: tuple[int, ...]) -> None:
    edges, output = cell
    found = cell_descriptors(edges, inputs, output, ["a", "b", "c"])
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(output + 1))
    graph.add_edges_from((edge.source, edge.target, {"operation": edge.operation}) for edge in edges)
    paths = [
        [graph.edges[step]["operation"] for step in path]
        for source in inputs
        for path in nx.all_simple_edge_paths(graph, source, output)
    ]
    for size in range(4):
        for names in combinations("abc", size):
            lengths = [len(path) for path in paths if {*path} <= {*names, None}]
            title = " or ".join(names) or "connections alone"
            assert found[f"shortest path: {title}"] == min(lengths, default=output + 2)
            assert found[f"longest path: {title}"] == max(lengths, default=0)
    for name in "abc":
        assert found[f"on a path: {name}"] == max((path.count(name) for path in paths), default=0)
        assert found[f"edges: {name}"] == sum(edge.operation == name for edge in edges)


@pytest.mark.parametrize("name", spaces.names())
def test_all_architectures_of_a_space_have_the_same_finite_descriptors(name: str) -> None:
    family, rng = spaces.get(name), np.random.default_rng(0)
    found = [family.descriptors(family.sample(rng)) for _ in range(DRAWS)]
    found.append(family.descriptors(family.largest()))
    assert {tuple(each) for each in found} == {tuple(found[0])}
    assert all(isinstance(value, float) and math.isfinite(value) for each in found for value in each.values())
    assert len({tuple(each.values()) for each in found}) > DRAWS / 2
    again = family.parse(str(family.largest()))
    assert family.descriptors(again) == found[-1]


@pytest.mark.parametrize("name", ["nasbench201", "transnas101-micro"])
def test_equal_networks_of_four_nodes_are_described_alike(name: str) -> None:
    family, rng = spaces.get(name), np.random.default_rng(1)
    drawn = [family.sample(rng) for _ in range(200)]
    different = [each for each in drawn if family.equivalent(each) != each]
    assert len(different) > 10
    for each in different:
        assert family.descriptors(each) == family.descriptors(family.equivalent(each)), each


def test_isomorphic_cells_of_nasbench101_are_described_alike() -> None:
    """Two branches from input to output, in either order."""
    one, other = (
        described("nasbench101", f"110011:{operations}") for operations in ("conv1x1,conv3x3", "conv3x3,conv1x1")
    )
    assert one == other
    holds(one, {"edges": 4, "from input: conv1x1": 1, "to output: conv1x1": 1, "longest path: conv3x3 or conv1x1": 2})
