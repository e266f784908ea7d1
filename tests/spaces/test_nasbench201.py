"""NAS-Bench-201: published parameters and FLOPs, and which cells are the same network."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.nasbench201.space import Cell
from tests.precision import DOUBLE, near, rounding

SPACE = spaces.get("nasbench201")
DATA = Path(__file__).parent / "data"
PUBLISHED = pd.read_csv(DATA / "nasbench201_published.csv")
"""1,000 of the 15,625 cells, drawn with seed 0."""
DEFECTS = pd.read_csv(DATA / "nasbench201_defects.csv")
"""All cells whose published parameters depart from the formula: a defect of the published file."""
CLASSIFIER_BIAS = 10
"""Additions that the published FLOPs include; ours are multiply–accumulates."""
SHORT = {"0": "none", "s": "skip_connect", "1": "nor_conv_1x1", "3": "nor_conv_3x3", "p": "avg_pool_3x3"}


def cell(operations: str) -> Cell:
    """``3|s1|0p3``: the operations into nodes 1, 2 and 3, each from node 0 on."""
    return Cell(tuple(SHORT[c] for c in operations.replace("|", "")))


def exact_parameters(texts: pd.Series) -> list[int]:
    return [73_306 + 243_040 * t.count("nor_conv_3x3") + 28_000 * t.count("nor_conv_1x1") for t in texts]


def published_parameters(rows: pd.DataFrame) -> list[int]:
    return [round(millions * 1e6) for millions in rows["parameters_M"]]


def published_flops(rows: pd.DataFrame) -> list[int]:
    return [round(millions * 1e6) - CLASSIFIER_BIAS for millions in rows["flops_M"]]


def test_the_defective_rows_are_204_and_all_that_depart_from_the_formula() -> None:
    assert len(DEFECTS) == 204
    exact = exact_parameters(DEFECTS["architecture"])
    assert all(published != ours for published, ours in zip(published_parameters(DEFECTS), exact, strict=True))
    sound = PUBLISHED[~PUBLISHED["architecture"].isin(DEFECTS["architecture"])]
    assert len(PUBLISHED) - len(sound) == 15
    assert published_parameters(sound) == exact_parameters(sound["architecture"])


def test_table_has_the_published_parameters_and_flops() -> None:
    """All 1,000 rows through the shipped table, whose figures the converter counted on built networks."""
    table = benchmarks.load("nasbench201").set_index("architecture")
    sound = PUBLISHED[~PUBLISHED["architecture"].isin(DEFECTS["architecture"])]
    assert table.loc[sound["architecture"], "parameters"].tolist() == published_parameters(sound)
    assert table.loc[DEFECTS["architecture"], "parameters"].tolist() == exact_parameters(DEFECTS["architecture"])
    for rows in (PUBLISHED, DEFECTS):
        assert table.loc[rows["architecture"], "flops"].tolist() == published_flops(rows)


def test_counting_gives_the_published_parameters_and_flops() -> None:
    rows = PUBLISHED[::40]
    counted = [SPACE.complexity(SPACE.parse(text)) for text in rows["architecture"]]
    assert [c.parameters for c in counted] == exact_parameters(rows["architecture"])
    assert [c.flops for c in counted] == published_flops(rows)


def test_counting_a_defective_row_follows_the_formula() -> None:
    rows = DEFECTS[::40]
    counted = [SPACE.complexity(SPACE.parse(text)) for text in rows["architecture"]]
    assert [c.parameters for c in counted] == exact_parameters(rows["architecture"])
    assert [c.flops for c in counted] == published_flops(rows)


def test_the_largest_has_the_most_flops_of_the_benchmark() -> None:
    assert benchmarks.load("nasbench201")["flops"].max() == SPACE.largest_flops


def test_every_text_of_the_benchmark_is_a_distinct_cell() -> None:
    texts = benchmarks.load("nasbench201")["architecture"]
    assert len({SPACE.parse(text) for text in texts}) == 5**6
    assert [text for text in texts if str(SPACE.parse(text)) != text] == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("|none~0|+|none~0|none~1|+|conv_9x9~0|none~1|none~2|", "'conv_9x9'"),
        ("|none~0|+|none~0|none~1|+|conv_9x9~0|none~1|none~2|", "skip_connect, nor_conv_1x1, nor_conv_3x3"),
        ("|none~0|+|none~0|none~1|+|none~0|none~1|", "three nodes of operation~source"),
        ("|none~0|+|none~1|none~0|+|none~0|none~1|none~2|", "three nodes of operation~source"),
        ("|none~0||none~0|none~1|+|none~0|none~1|none~2|", "three nodes of operation~source"),
        ("|none~0|+|none~0|none~1|+|none~0|none~1|none~2| and more", "three nodes of operation~source"),
    ],
)
def test_refusals_say_what_is_accepted(given: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        SPACE.parse(given)
    assert shown in str(caught.value)
    assert repr(given) in str(caught.value)


@pytest.mark.parametrize(
    ("given", "representative"),
    [
        pytest.param("3|s1|p0s", "3|s1|p0s", id="nothing to drop"),
        pytest.param("3|1s|s30", "3|00|s30", id="node 2 leads nowhere"),
        pytest.param("3|10|s0p", "0|10|s0p", id="node 1 leads nowhere"),
        pytest.param("3|1s|p00", "0|00|p00", id="only input to output is left"),
        pytest.param("3|13|000", "0|00|000", id="nothing reaches the output"),
        pytest.param("s|30|1ps", "3|s0|1sp", id="unconnected nodes change places"),
        pytest.param("3|s0|1sp", "3|s0|1sp", id="already in order"),
    ],
)
def test_equivalent_by_hand(given: str, representative: str) -> None:
    given_cell, expected = cell(given), cell(representative)
    # the order of two exchangeable nodes is the space's own business: it has to be one of the two
    assert SPACE.equivalent(given_cell) in (expected, _exchanged(expected))
    assert SPACE.equivalent(given_cell) == SPACE.equivalent(expected)


def _exchanged(c: Cell) -> Cell:
    first, second, between, direct, from_first, from_second = c.operations
    return Cell((second, first, between, direct, from_second, from_first)) if between == "none" else c


def test_connected_nodes_do_not_change_places() -> None:
    assert SPACE.equivalent(cell("s|3s|1ps")) == cell("s|3s|1ps")


def _with_weights_of(representative: Cell, original: Cell, network: Backbone) -> Backbone | None:
    """The representative's network with the original's weights; nodes exchanged if that is what fits."""
    renamings = ({}, {"0-1": "0-2", "0-2": "0-1", "1-3": "2-3", "2-3": "1-3"})
    names = ("0-1", "0-2", "1-2", "0-3", "1-3", "2-3")
    had = dict(zip(names, original.operations, strict=True))
    for renaming in renamings:
        source = {edge: renaming.get(edge, edge) for edge in names}
        kept = dict(zip(names, representative.operations, strict=True))
        if all(op in ("none", had[source[edge]]) for edge, op in kept.items()):
            weights = network.state_dict()
            copy = SPACE.build(representative, 4).double()
            copy.load_state_dict({key: weights[_renamed(key, source)] for key in copy.state_dict()})
            return copy
    return None


def _renamed(key: str, source: dict[str, str]) -> str:
    head, separator, tail = key.partition(".operations.")
    if not separator:
        return key
    edge, _, rest = tail.partition(".")
    return f"{head}.operations.{source[edge]}.{rest}"


def test_the_representative_computes_the_same_with_the_same_weights() -> None:
    rng, compared = np.random.default_rng(0), 0
    while compared < 8:
        original = SPACE.sample(rng)
        representative = SPACE.equivalent(original)
        if representative == original:
            continue
        assert isinstance(original, Cell)
        assert isinstance(representative, Cell)
        network = SPACE.build(original, 4).double()
        copy = _with_weights_of(representative, original, network)
        assert copy is not None, f"{representative} is no part of {original}"
        x = torch.randn(4, 3, 16, 16).double()
        for ours, theirs in zip(copy(x), network(x), strict=True):
            near(ours, theirs, rounding(epsilon=DOUBLE))
        compared += 1


@pytest.mark.parametrize(
    ("operations", "dead", "alive"),
    [
        ("3|31|330", ["0-2", "1-2"], ["0-1", "0-3", "1-3"]),
        ("3|30|30s", ["0-1"], ["0-2", "0-3"]),
        ("1|33|300", ["0-1", "0-2", "1-2"], ["0-3"]),
    ],
)
def test_no_output_depends_on_a_dead_edge(operations: str, dead: list[str], alive: list[str]) -> None:
    network, x = SPACE.build(cell(operations), 4), torch.randn(2, 3, 16, 16)
    before = network(x)

    def moved_by(edge: str) -> bool:
        network.load_state_dict(weights)
        for name, parameter in network.named_parameters():
            if f".operations.{edge}." in name:
                torch.nn.init.normal_(parameter.data)
        return not all(map(torch.equal, network(x), before))

    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    assert [edge for edge in dead if moved_by(edge)] == []
    assert [edge for edge in alive if not moved_by(edge)] == []


def test_a_convolution_fed_by_an_all_zero_node_learns_its_bias_alone() -> None:
    """Node 1 receives nothing: neither the convolution's weights nor the scale of its normalisation can matter."""
    network = SPACE.build(cell("0|30|s1s"), 4)
    sum((s - torch.randn_like(s)).square().mean() for s in network(torch.randn(4, 3, 32, 32))).backward()  # type: ignore[union-attr]
    idle = {name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()}
    fed_by_zero = [name for name, _ in network.named_parameters() if ".operations.1-3." in name]
    assert idle == {name for name in fed_by_zero if not name.endswith("bias")}
    assert len(idle) == 2 * len(fed_by_zero) // 3 > 0


def test_a_cell_of_none_gives_zeros() -> None:
    stages = SPACE.build(cell("0|00|000"), 4)(torch.randn(2, 3, 32, 32))
    assert [tuple(s.shape) for s in stages] == [(2, 16, 8, 8), (2, 8, 16, 16), (2, 4, 32, 32)]
    assert not stages[-1].any()


def test_a_skip_alone_hands_the_stem_through() -> None:
    network, x = SPACE.build(cell("0|00|s00"), 4), torch.randn(2, 3, 32, 32)
    torch.testing.assert_close(network(x)[-1], network.get_submodule("stem")(x))
