"""NAS-Bench-101: one value for all isomorphic cells, and the published parameter counts."""

from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.nasbench101.cell import Cell, vertex_channels

SPACE = spaces.get("nasbench101")
PUBLISHED = pd.read_csv(Path(__file__).parent / "data/nasbench101_published.csv")
"""1,000 of the 30,001 measured cells, drawn with seed 0: canonical text and published parameters."""
PUBLISHED_PARAMETERS = pd.read_parquet(Path(__file__).parent / "data/nasbench101_parameters.parquet")["parameters"]
"""Published parameters of all 30,001 measured cells, in the order of their canonical texts."""

Edges = set[tuple[int, int]]


def text(edges: Edges, *operations: str) -> str:
    """The text of a cell in just this order of its vertices."""
    pairs = combinations(range(len(operations) + 2), 2)
    return "".join("1" if pair in edges else "0" for pair in pairs) + ":" + ",".join(operations)


def relabelled(cell: Cell) -> list[str]:
    """The cell's text under every order of its inner vertices in which all edges still point forward."""
    texts = []
    for order in permutations(range(1, cell.output)):
        place = {0: 0, cell.output: cell.output} | {vertex: i for i, vertex in enumerate(order, start=1)}
        edges = {(place[a], place[b]) for a, b in cell.edges}
        if all(a < b for a, b in edges):
            texts.append(text(edges, *(cell.operations[vertex - 1] for vertex in order)))
    return texts


@pytest.mark.parametrize("seed", range(8))
def test_every_order_of_the_vertices_is_one_architecture(seed: int) -> None:
    cell = SPACE.sample(np.random.default_rng(seed))
    assert isinstance(cell, Cell)
    texts = relabelled(cell)
    assert {SPACE.parse(t) for t in texts} == {cell}
    assert str(cell) in texts


def test_orders_that_differ_are_really_tried() -> None:
    edges = {(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)}
    cell = SPACE.parse(text(edges, "conv3x3", "conv1x1", "maxpool3x3"))
    assert isinstance(cell, Cell)
    assert len(set(relabelled(cell))) == 6
    assert {SPACE.parse(t) for t in relabelled(cell)} == {cell}


def test_cells_that_differ_stay_different() -> None:
    chain = {(0, 1), (1, 2), (2, 3)}
    first = SPACE.parse(text(chain, "conv3x3", "conv1x1"))
    assert first != SPACE.parse(text(chain, "conv1x1", "conv3x3"))
    assert first != SPACE.parse(text(chain | {(0, 3)}, "conv3x3", "conv1x1"))


def test_vertices_off_every_path_are_pruned() -> None:
    chain = SPACE.parse(text({(0, 1), (1, 2)}, "conv3x3"))
    leads_nowhere = text({(0, 1), (0, 2), (1, 3)}, "conv3x3", "maxpool3x3")
    comes_from_nowhere = text({(0, 1), (1, 3), (2, 3)}, "conv3x3", "conv1x1")
    unconnected = text({(0, 2), (2, 4)}, "maxpool3x3", "conv3x3", "conv1x1")
    assert {SPACE.parse(t) for t in (leads_nowhere, comes_from_nowhere, unconnected)} == {chain}
    assert str(chain) == "101:conv3x3"


def test_input_straight_to_output_is_a_cell() -> None:
    assert str(SPACE.parse("1:")) == "1:"
    assert str(SPACE.parse(text({(0, 1), (0, 2)}, "conv3x3"))) == "1:"
    stages = SPACE.build(SPACE.parse("1:"), 4)(torch.zeros(1, 3, 32, 32))
    assert [tuple(s.shape) for s in stages] == [(1, 16, 8, 8), (1, 8, 16, 16), (1, 4, 32, 32)]


def test_texts_of_the_table_are_canonical() -> None:
    texts = benchmarks.load("nasbench101")["architecture"].sample(1000, random_state=0)
    assert [t for t in texts if str(SPACE.parse(t)) != t] == []


def test_more_than_nine_edges_are_refused() -> None:
    edges = {(0, v) for v in range(1, 6)} | {(v, 6) for v in range(1, 6)}
    given = text(edges, *["conv3x3"] * 5)
    with pytest.raises(UserError, match="at most 9 edges") as caught:
        SPACE.parse(given)
    assert repr(given) in str(caught.value)
    assert "has 10" in str(caught.value)
    assert SPACE.parse(text(edges - {(0, 5)}, *["conv3x3"] * 5))  # eight edges on a path


def test_edges_that_pruning_removes_do_not_count() -> None:
    edges = {(0, v) for v in range(1, 6)} | {(v, 6) for v in range(1, 4)} | {(1, 5), (2, 5), (3, 5)}
    assert len(edges) > 9
    cell = SPACE.parse(text(edges, *["conv1x1"] * 5))
    assert isinstance(cell, Cell)
    assert len(cell.edges) == 6


@pytest.mark.parametrize("edges", [set(), {(0, 1)}, {(1, 2)}])
def test_unconnected_cells_are_refused(edges: Edges) -> None:
    with pytest.raises(UserError, match="no path from input to output") as caught:
        SPACE.parse(text(edges, "conv3x3"))
    assert repr(text(edges, "conv3x3")) in str(caught.value)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("101:conv5x5", "'conv5x5'"),
        ("101:conv5x5", "conv3x3, conv1x1, maxpool3x3"),
        ("10:conv3x3", "'10:conv3x3'"),
        ("121:conv3x3", "'121:conv3x3'"),
        ("1" * 28 + ":" + ",".join(["conv3x3"] * 6), "up to 5 operations"),
    ],
)
def test_refusals_say_what_is_accepted(given: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        SPACE.parse(given)
    assert shown in str(caught.value)


CONVS = ("conv3x3",) * 5


@pytest.mark.parametrize(
    ("edges", "c_in", "c_out", "channels"),
    [
        pytest.param({(0, 1), (1, 2), (2, 3)}, 8, 16, [8, 16, 16, 16], id="a chain has the output's"),
        pytest.param({(0, 1), (0, 2), (1, 3), (2, 3)}, 64, 64, [64, 32, 32, 64], id="even split"),
        pytest.param(
            {(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)}, 64, 128, [64, 43, 43, 42, 128], id="first take the rest"
        ),
        pytest.param({(0, 1), (1, 2), (0, 2)}, 4, 8, [4, 8, 8], id="the input takes no share"),
        pytest.param({(0, 1)}, 4, 8, [4, 8], id="no vertex at all"),
        pytest.param(
            {(0, 1), (1, 2), (1, 3), (2, 4), (3, 4)}, 5, 65, [5, 33, 33, 32, 65], id="inner: widest successor"
        ),
        pytest.param(
            {(0, 1), (0, 2), (2, 3), (1, 4), (3, 4)}, 5, 65, [5, 33, 32, 32, 65], id="inner: its only successor"
        ),
        pytest.param(
            {(0, 1), (1, 2), (1, 3), (2, 3)}, 16, 9, [16, 5, 4, 9], id="a vertex at the output keeps its share"
        ),
    ],
)
def test_vertex_channels_by_hand(edges: Edges, c_in: int, c_out: int, channels: list[int]) -> None:
    cell = Cell(len(channels), frozenset(edges), CONVS[: len(channels) - 2])
    assert vertex_channels(cell, c_in, c_out) == channels


def test_a_narrow_cell_with_more_vertices_at_the_output_than_divide_it() -> None:
    edges = {(0, 1), (1, 2), (1, 3), (1, 4), (2, 5), (3, 5), (4, 5)}
    backbone = SPACE.build(SPACE.parse(text(edges, *CONVS[:4])), 4)
    stages = backbone(torch.randn(2, 3, 32, 32))
    assert [tuple(s.shape) for s in stages] == [(2, 16, 8, 8), (2, 8, 16, 16), (2, 4, 32, 32)]
    assert all(stage.isfinite().all() for stage in stages)


def test_table_has_the_published_parameters() -> None:
    """All 1,000 rows through the shipped table, whose figures the converter counted on built networks."""
    assert len(PUBLISHED) == 1000
    table = benchmarks.load("nasbench101").set_index("architecture")
    assert table.loc[PUBLISHED["architecture"], "parameters"].tolist() == PUBLISHED["parameters"].tolist()


def test_counting_gives_the_published_parameters_and_the_table_s_flops() -> None:
    rows, table = PUBLISHED[::40], benchmarks.load("nasbench101").set_index("architecture")
    counted = [SPACE.complexity(SPACE.parse(text)) for text in rows["architecture"]]
    assert [c.parameters for c in counted] == rows["parameters"].tolist()
    assert [c.flops for c in counted] == table.loc[rows["architecture"], "flops"].tolist()


def test_arithmetic_counts_what_is_built() -> None:
    """The table's figures were counted on built networks."""
    rows = benchmarks.load("nasbench101").set_index("architecture").loc[PUBLISHED["architecture"][::4]]
    counted = [SPACE.counts(SPACE.parse(text)) for text in rows.index]
    assert [c.parameters for c in counted] == rows["parameters"].tolist()
    assert [c.flops for c in counted] == rows["flops"].tolist()
    assert SPACE.counts(SPACE.largest()).flops == SPACE.largest_flops


def test_no_measured_cell_has_more_flops_than_the_largest() -> None:
    assert benchmarks.load("nasbench101")["flops"].max() <= SPACE.largest_flops


def test_the_largest_has_the_published_maximum_of_parameters() -> None:
    assert SPACE.complexity(SPACE.largest()).parameters == 49_979_274


def test_every_measured_cell_has_the_published_parameters() -> None:
    """The table's figures were counted by the converter on built networks."""
    table = benchmarks.load("nasbench101")
    measured = table[table["cifar10-valid"].notna()].sort_values("architecture")
    assert len(measured) == 30_001
    assert measured["parameters"].tolist() == PUBLISHED_PARAMETERS.tolist()
