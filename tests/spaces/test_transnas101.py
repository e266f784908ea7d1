"""TransNAS-Bench-101: the published sets, parameters and FLOPs by hand, and which cells are the same network."""

from itertools import product
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import torch

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.convert.transnas101 import transnas101_macro, transnas101_micro
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.transnas101.macro import Macro, every_skeleton, neighbours
from eproxy_engine.spaces.transnas101.micro import Cell
from eproxy_engine.spaces.transnas101.network import ReducingSkip, ResidualBlock
from tests.precision import DOUBLE, near, rounding

MICRO, MACRO = spaces.get("transnas101-micro"), spaces.get("transnas101-macro")
EDGES = ("0-1", "0-2", "1-2", "0-3", "1-3", "2-3")
STEM = (27 * 32 + 2 * 32 + 9 * 32 * 64 + 2 * 64, 27 * 32 * 128**2 + 9 * 32 * 64 * 64**2)
"""Parameters and FLOPs at 256x256: two convolutions of stride 2, each with a normalisation."""
SCENES = 47
CLOSE = rounding(epsilon=DOUBLE)


def cell(digits: str) -> Cell:
    """``3|s1|012``: the digits of the text, s for a skip."""
    return Cell(tuple(Cell.OPERATIONS[int("1" if c == "s" else c)] for c in digits.replace("|", "")))


def by_hand(text: str) -> tuple[int, int]:
    """Parameters and FLOPs of ``64-SKELETON-CELL`` at the published width, from the definition of the benchmark."""
    _, skeleton, block = text.split("-")
    channels, side = 64, 64
    convolutions = []  # weights, channels out, side of the output
    for kind in skeleton:
        c_in, channels = channels, channels * (2 if kind in "24" else 1)
        reduces, side = kind != "1", side // (2 if kind in "34" else 1)
        for first in (True, False):
            into = c_in if first else channels
            if block == "basic":
                weights = [9 * into * channels, 9 * channels**2] + [into * channels] * (first and reduces)
            else:
                ends = zip(EDGES, block.replace("_", ""), strict=True)
                weights = [_weights(d, edge, into, channels, first and reduces) for edge, d in ends]
            convolutions += [(w, channels, side) for w in weights if w]
    return (
        STEM[0] + sum(weights + 2 * c for weights, c, _ in convolutions) + (channels + 1) * SCENES,
        STEM[1] + sum(weights * side**2 for weights, _, side in convolutions) + channels * SCENES,
    )


def _weights(digit: str, edge: str, c_in: int, c_out: int, reduces: bool) -> int:
    into = c_in if edge[0] == "0" else c_out
    skip = into * c_out if reduces and edge[0] == "0" else 0
    return {"0": 0, "1": skip, "2": into * c_out, "3": 9 * into * c_out}[digit]


# the published sets


def test_every_cell_is_in_the_table_and_no_other() -> None:
    texts = benchmarks.load("transnas101-micro")["architecture"]
    digits = product("0123", repeat=6)
    assert set(texts) == {f"64-41414-{a}_{b}{c}_{d}{e}{f}" for a, b, c, d, e, f in digits}
    assert len(texts) == 4096


def test_the_constraint_gives_just_the_skeletons_of_the_table() -> None:
    texts = benchmarks.load("transnas101-macro")["architecture"]
    assert len(texts) == len(every_skeleton()) == 3256
    assert set(texts) == {str(Macro(skeleton)) for skeleton in every_skeleton()}


@pytest.mark.parametrize("name", [MICRO.name, MACRO.name])
def test_texts_of_the_table_are_canonical(name: str) -> None:
    texts = benchmarks.load(name)["architecture"]
    space = spaces.get(name)
    assert [text for text in texts if str(space.parse(text)) != text] == []


@pytest.mark.parametrize("name", [MICRO.name, MACRO.name])
def test_table_has_the_parameters_and_flops_of_the_definition(name: str) -> None:
    """All rows of the shipped table, whose figures the converter counted on built networks."""
    table = benchmarks.load(name)
    expected = [by_hand(text) for text in table["architecture"]]
    assert list(zip(table["parameters"], table["flops"], strict=True)) == expected
    assert table["flops"].max() == spaces.get(name).largest_flops


@pytest.mark.parametrize("name", [MICRO.name, MACRO.name])
def test_counting_gives_the_parameters_and_flops_of_the_definition(name: str) -> None:
    space, rng = spaces.get(name), np.random.default_rng(0)
    architectures = [space.sample(rng) for _ in range(8)]
    counted = [space.complexity(architecture) for architecture in architectures]
    assert [(c.parameters, c.flops) for c in counted] == [by_hand(str(a)) for a in architectures]


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("64-41414-3_33_333", 41_435_727),
        ("64-41414-0_00_000", 19_488 + 513 * 47),
        # in the first block of module 1, 3 and 5 a skip from node 0 is a 1x1 convolution
        ("64-41414-0_00_100", 19_488 + 64 * 128 + 128 * 256 + 256 * 512 + 2 * (128 + 256 + 512) + 513 * 47),
        ("64-41414-1_00_010", 19_488 + 64 * 128 + 128 * 256 + 256 * 512 + 2 * (128 + 256 + 512) + 513 * 47),
        ("64-41414-0_00_010", 19_488 + 513 * 47),
    ],
)
def test_parameters_of_single_cells(text: str, parameters: int) -> None:
    assert MICRO.complexity(MICRO.parse(text)).parameters == parameters


# tasks and converter


def test_validation_columns_come_first_in_the_order_of_the_papers_table() -> None:
    names = ["class_scene", "class_object", "room_layout", "jigsaw", "segmentsemantic", "normal", "autoencoder"]
    for space in (MICRO, MACRO):
        assert [task.name for task in space.tasks] == names + [f"{name}-test" for name in names]
        assert [task.unit for task in space.tasks] == ["%", "%", "", "%", "%", "", ""] * 2
        assert all(("test" if task.name.endswith("-test") else "validation") in task.title for task in space.tasks)
        columns = benchmarks.load(space.name).select_dtypes("float")
        assert list(columns) == [task.name for task in space.tasks]
        assert columns.notna().all(axis=None)


def test_converter_takes_the_metrics_that_the_paper_ranks_by(tmp_path: Path) -> None:
    metrics = ["top1", "top1", "neg_loss", "top1", "mIoU", "ssim", "ssim"]
    tasks = [task.name for task in MICRO.tasks[:7]]
    header = [f"{task}_{split}_{m}" for split in ("valid", "test") for task, m in zip(tasks, metrics, strict=True)]
    others = ["class_scene_time_s", "segmentsemantic_valid_acc", "normal_valid_l1_loss", "autoencoder_test_l1_loss"]
    rows = {"micro": "64-41414-3_33_333", "macro": "64-2311-basic"}
    pd.DataFrame(
        [[part, text, *(k / 100 + i for i in range(18))] for k, (part, text) in enumerate(rows.items())],
        columns=["space", "arch", *header, *others],
    ).to_csv(tmp_path / "transnas101.csv")
    for k, convert in enumerate((transnas101_micro, transnas101_macro)):
        table = convert(tmp_path)
        assert table["architecture"].tolist() == [list(rows.values())[k]]
        assert table.columns.tolist() == ["architecture", *(task.name for task in MICRO.tasks)]
        assert table.iloc[0, 1:].tolist() == [k / 100 + i for i in range(14)]


# networks


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [
        ("64-41414-1_02_333", [(512, 4), (128, 16), (64, 32)], [(512, 8), (128, 32), (64, 64)]),
        ("64-41414-0_00_000", [(512, 4), (128, 16), (64, 32)], [(512, 8), (128, 32), (64, 64)]),
        ("64-443311-basic", [(256, 2), (128, 16), (64, 32)], [(256, 4), (128, 32), (64, 64)]),
        ("64-2131-basic", [(128, 16), (128, 16), (128, 32)], [(128, 32), (128, 32), (128, 64)]),
        ("64-1124-basic", [(256, 16), (256, 16), (128, 32)], [(256, 32), (256, 32), (128, 64)]),
        ("64-32123-basic", [(256, 8), (256, 16), (64, 32)], [(256, 16), (256, 32), (64, 64)]),
    ],
)
def test_stage_outputs_are_what_comes_before_the_downsamplings(
    text: str, small: list[tuple[int, int]], large: list[tuple[int, int]]
) -> None:
    """Without the stem's strides at CIFAR size, with them at the benchmark's; one downsampling: the deepest twice."""
    space = MACRO if text.endswith("basic") else MICRO
    for size, expected in ((32, small), (256, large)):
        with torch.device("meta"):
            network = space.build(space.parse(text), 64, size)
            stages = network(torch.empty(2, 3, size, size))
        assert [(s.shape[1], s.shape[2]) for s in stages] == expected
        assert network.stage_channels == tuple(channels for channels, _ in expected)


@pytest.mark.parametrize("side", [6, 5, 1])
def test_reducing_skip_takes_even_and_odd_pixels(side: int) -> None:
    skip, x = ReducingSkip(3, 4).double(), torch.randn(2, 3, side, side).double()
    padded = torch.zeros(2, 3, side + side % 2, side + side % 2).double()
    padded[:, :, :side, :side] = x.clamp(min=0)
    halves = [
        torch.einsum("oi,bihw->bohw", convolution.weight[:, :, 0, 0], padded[:, :, offset::2, offset::2])
        for offset, convolution in enumerate((skip.even, skip.odd))
    ]
    expected = torch.nn.functional.batch_norm(torch.cat(halves, dim=1), None, None, training=True)
    near(skip(x), expected, CLOSE)


@pytest.mark.parametrize(("c_out", "stride"), [(4, 1), (8, 1), (4, 2), (8, 2)])
def test_residual_block_projects_only_where_shapes_differ(c_out: int, stride: int) -> None:
    block, x = ResidualBlock(4, c_out, stride).double(), torch.randn(2, 4, 8, 8).double()
    assert block(x).shape == (2, c_out, 8 // stride, 8 // stride)
    assert len(list(block.shortcut.parameters())) == (0 if (c_out, stride) == (4, 1) else 3)
    for part in (block.first, block.second):  # the branch gives zeros: what is left is the shortcut
        normalisation = part[2]
        assert isinstance(normalisation, torch.nn.BatchNorm2d)
        torch.nn.init.zeros_(normalisation.weight)
    near(block(x), block.shortcut(x), CLOSE)


def test_a_cell_of_none_gives_zeros() -> None:
    deepest, second, first = MICRO.build(cell("000000"), 4)(torch.randn(2, 3, 32, 32))
    assert not deepest.any()
    assert not second.any()
    assert first.any()  # of the stem


# equivalent cells


@pytest.mark.parametrize(
    ("given", "representative"),
    [
        pytest.param("3|s2|s2s", "3|s2|s2s", id="nothing to drop"),
        pytest.param("3|1s|s30", "3|00|s30", id="node 2 leads nowhere"),
        pytest.param("0|30|30s", "0|30|30s", id="node 2 alone, or node 1 in its place"),
        pytest.param("0|03|s1s", "0|03|s0s", id="a skip from an empty node, though not the convolution"),
        pytest.param("3|13|000", "0|00|000", id="nothing reaches the output"),
        pytest.param("s|30|12s", "3|s0|1s2", id="unconnected nodes change places"),
    ],
)
def test_equivalent_by_hand(given: str, representative: str) -> None:
    given_cell, expected = cell(given), cell(representative)
    first, second, between, direct, from_first, from_second = expected.operations
    exchanged = Cell((second, first, between, direct, from_second, from_first)) if between == "none" else expected
    # the order of two exchangeable nodes is the space's own business: it has to be one of the two
    assert MICRO.equivalent(given_cell) in (expected, exchanged)
    assert MICRO.equivalent(given_cell) == MICRO.equivalent(expected)


def _with_weights_of(representative: Cell, original: Cell, network: Backbone) -> Backbone | None:
    """The representative's network with the original's weights; nodes exchanged if that is what fits."""
    had, kept = (dict(zip(EDGES, c.operations, strict=True)) for c in (original, representative))
    weights = network.state_dict()
    for renaming in ({}, {"0-1": "0-2", "0-2": "0-1", "1-3": "2-3", "2-3": "1-3"}):
        source = {edge: renaming.get(edge, edge) for edge in EDGES}
        if all(op in ("none", had[source[edge]]) for edge, op in kept.items()):
            copy = MICRO.build(representative, 4).double()
            renamed = {}
            for key in copy.state_dict():
                head, separator, tail = key.partition(".operations.")
                renamed[key] = weights[f"{head}{separator}{source[tail[:3]]}{tail[3:]}" if separator else key]
            copy.load_state_dict(renamed)
            return copy
    return None


def test_the_representative_computes_the_same_with_the_same_weights() -> None:
    rng, compared = np.random.default_rng(0), 0
    while compared < 12:
        original = MICRO.sample(rng)
        representative = MICRO.equivalent(original)
        if representative == original:
            continue
        assert isinstance(original, Cell)
        assert isinstance(representative, Cell)
        network, x = MICRO.build(original, 4).double(), torch.randn(4, 3, 32, 32).double()
        for name, parameter in network.named_parameters():
            if name.endswith("bias"):  # at their initial zeros, an idle convolution could not be told from none
                torch.nn.init.normal_(parameter)
        copy = _with_weights_of(representative, original, network)
        assert copy is not None, f"{representative} is no part of {original}"
        for ours, theirs in zip(copy(x), network(x), strict=True):
            near(ours, theirs, CLOSE)
        compared += 1


# texts


@pytest.mark.parametrize(
    ("space", "given", "shown"),
    [
        (MICRO, "64-41414-4_33_333", "0 none, 1 skip_connect, 2 conv1x1, 3 conv3x3"),
        (MICRO, "64-41414-3_33_33", "one, two and three digits"),
        (MICRO, "64-4141-3_33_333", "64-41414-"),
        (MICRO, "32-41414-3_33_333", "64-41414-"),
        (MICRO, "64-2311-basic", "64-41414-"),
        (MACRO, "64-41414-3_33_333", "four to six digits"),
        (MACRO, "64-231-basic", "four to six digits"),
        (MACRO, "64-2311111-basic", "four to six digits"),
        (MACRO, "64-2315-basic", "four to six digits"),
        (MACRO, "64-2111-basic", "one to four digits 3 or 4"),
        (MACRO, "64-33332-bas", "then -basic"),
        (MACRO, "64-433334-basic", "one to four digits 3 or 4"),
        (MACRO, "64-3311-basic", "one to three digits 2 or 4"),
        (MACRO, "64-222431-basic", "one to three digits 2 or 4"),
    ],
)
def test_refusals_say_what_is_accepted(space: spaces.SearchSpace, given: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        space.parse(given)
    assert shown in str(caught.value)
    assert repr(given) in str(caught.value)


# neighbours and drawings


def test_every_skeleton_can_be_reached_by_mutation() -> None:
    graph = nx.Graph((skeleton, other) for skeleton in every_skeleton() for other in neighbours(skeleton))
    assert set(graph) == set(every_skeleton())
    assert nx.is_connected(graph)


def test_neighbours_by_hand() -> None:
    near = neighbours("4111")
    assert {"2111", "3111"}.isdisjoint(near)  # no halving, no doubling
    assert {"4112", "4411", "41111", "34111", "41113"} <= set(near)
    assert "4111" not in near
    assert all(len(skeleton) in (4, 5) for skeleton in near)


def test_skeletons_are_drawn_module_by_module() -> None:
    graph = MACRO.drawings(MACRO.parse("64-2341-basic"))["network"]
    assert [label for _, label in graph.nodes(data="label")] == [
        "input",
        "stem, 64 channels, stride 4",
        "2 blocks, 128 channels",
        "2 blocks, 128 channels, stride 2",
        "2 blocks, 256 channels, stride 2",
        "2 blocks, 256 channels",
        "output",
    ]
    assert list(nx.topological_sort(graph)) == list(graph)


def test_samples_of_skeletons_are_uniform() -> None:
    rng = np.random.default_rng(0)
    lengths = [len(str(MACRO.sample(rng))) - len("64--basic") for _ in range(2000)]
    for length in (4, 5, 6):
        share = sum(len(skeleton) == length for skeleton in every_skeleton()) / 3256
        assert abs(lengths.count(length) / 2000 - share) < 0.04
