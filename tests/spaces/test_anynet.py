"""The residual design spaces of NDS: published parameters and FLOPs, limits, widths."""

import json
import math
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.anynet.architecture import Residual, Stage
from eproxy_engine.spaces.anynet.arithmetic import Counts
from eproxy_engine.spaces.anynet.design_spaces import CIFAR10_ANYNETS, IMAGENET_ANYNETS
from eproxy_engine.spaces.anynet.network import Block, Network, bottleneck
from eproxy_engine.spaces.anynet.reading import read
from eproxy_engine.spaces.anynet.space import AnyNet

SPACES = (*IMAGENET_ANYNETS, *CIFAR10_ANYNETS)
IMAGENET, CIFAR = IMAGENET_ANYNETS, CIFAR10_ANYNETS
RESNET, RESNEXT_A, RESNEXT_B = CIFAR10_ANYNETS
DATA = Path(__file__).parent / "data"
PUBLISHED = pd.read_csv(DATA / "nds_anynet_imagenet.csv")
"""All networks on ImageNet of which the accuracies ship."""
RESNETS = pd.read_csv(DATA / "nds_anynet_resnet.csv")
"""Three ResNets at CIFAR size, and 100 (of 494, drawn with seed 0) at ImageNet size, whose stem is that of He et al."""
RESNEXT_CIFAR = {
    "block_type": "res_bottleneck_block",
    "bot_muls": [0.0, 0.25, 0.25, 0.25],
    "ds": [1, 16, 1, 4],
    "num_gs": [1, 2, 1, 2],
    "ss": [1, 1, 2, 2],
    "ws": [16, 64, 128, 16],
}
NORMALISATION = 5
"""Operations that the published FLOPs count for each element that a normalisation puts out."""

every_space = pytest.mark.parametrize("space", SPACES, ids=lambda space: space.name)


def published_flops(counts: Counts, classes: int) -> int:
    """As NDS counts: with the biases of the classifier and the normalisations."""
    return counts.flops + classes + NORMALISATION * counts.normalised


def counted(network: nn.Module, size: int) -> Counts:
    """Of a network on the meta device."""
    flops = normalised = 0

    def add(module: nn.Module, _: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal flops, normalised
        if isinstance(module, nn.Conv2d):
            flops += output.numel() * module.in_channels // module.groups * math.prod(module.kernel_size)
        elif isinstance(module, nn.Linear):
            flops += module.in_features * module.out_features
        else:
            normalised += output.numel()

    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear | nn.BatchNorm2d):
            module.register_forward_hook(add)
        if isinstance(module, nn.BatchNorm2d | nn.ReLU):
            module.forward = lambda x: x  # type: ignore[method-assign]  # slow on meta
    with torch.no_grad():
        network(torch.empty(1, 3, size, size, device="meta"))
    return Counts(sum(p.numel() for p in network.parameters()), flops, normalised)


class Classified(nn.Module):
    def __init__(self, backbone: nn.Module, classes: int) -> None:
        super().__init__()
        self.backbone, self.head = backbone, backbone.classifier(classes)  # type: ignore[operator]

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.backbone(x)[0])


def built(space: AnyNet, architecture: Residual) -> Counts:
    with torch.device("meta"):
        backbone = space.build(architecture, space.published_width, space.input_size)
        network = Classified(backbone, space.classes)
    return counted(network, space.input_size)


def numbers(text: str) -> list[float]:
    return [float(number) for number in str(text).split()]


def net(row: pd.Series) -> dict[str, object]:
    """As the NDS archive has it."""
    return {
        "block_type": "res_bottleneck_block",
        "bot_muls": numbers(row["bot_muls"]),
        "ds": [int(depth) for depth in numbers(row["ds"])],
        "num_gs": [int(groups) for groups in numbers(row["num_gs"])],
        "ss": [8, 1, 2, 2],
        "ws": [int(width) for width in numbers(row["ws"])],
    }


def parsed(row: pd.Series) -> Residual:
    space = spaces.get(row["space"])
    assert isinstance(space, AnyNet)
    return space.parse(json.dumps(net(row)))


@pytest.mark.parametrize(
    ("space", "rows"), [(IMAGENET[0], 130), (IMAGENET[1], 164)], ids=[space.name for space in IMAGENET]
)
def test_table_has_the_published_figures_of_every_network(space: AnyNet, rows: int) -> None:
    """Through the shipped table, whose parameters and FLOPs the converter counted on built networks."""
    published = PUBLISHED[PUBLISHED["space"] == space.name]
    architectures = [parsed(row) for _, row in published.iterrows()]
    table = benchmarks.load(space.name).set_index("architecture").loc[list(map(str, architectures))]
    assert len(published) == len(table) == len(set(architectures)) == rows
    assert table["parameters"].tolist() == published["params"].tolist()
    counts = [space.counts(architecture) for architecture in architectures]
    assert table["flops"].tolist() == [each.flops for each in counts]
    assert [published_flops(each, space.classes) for each in counts] == published["flops"].tolist()
    assert table["imagenet"].tolist() == published["imagenet"].tolist()
    assert table["imagenet-best"].tolist() == published["best"].tolist()


def test_networks_have_the_published_parameters_and_flops() -> None:
    for _, row in PUBLISHED[::20].iterrows():
        space = spaces.get(row["space"])
        assert isinstance(space, AnyNet)
        counts = built(space, parsed(row))
        assert (counts.parameters, published_flops(counts, 1000)) == (row["params"], row["flops"])


def test_resnets_at_cifar_size_have_the_published_parameters_and_flops() -> None:
    space = RESNET
    for _, row in RESNETS[RESNETS["source"] != "ResNet_lr-wd_in"].iterrows():
        strides, depths, widths = (list(map(int, numbers(row[name]))) for name in ("ss", "ds", "ws"))
        published = {"block_type": "res_basic_block", "bot_muls": [], "num_gs": []}
        counts = built(space, space.parse(json.dumps(published | {"ss": strides, "ds": depths, "ws": widths})))
        assert (counts.parameters, published_flops(counts, 10)) == (row["params"], row["flops"])


def test_a_resnext_at_cifar_size_has_the_published_parameters_and_flops() -> None:
    counts = built(RESNEXT_A, RESNEXT_A.parse(json.dumps(RESNEXT_CIFAR)))
    assert (counts.parameters, published_flops(counts, 10)) == (83_002, 69_890_986)


def test_blocks_at_imagenet_size_have_the_published_parameters_and_flops() -> None:
    """ResNets of four stages behind another stem."""
    for _, row in RESNETS[RESNETS["source"] == "ResNet_lr-wd_in"][::10].iterrows():
        depths, widths = (list(map(int, numbers(row[name]))) for name in ("ds", "ws"))
        stages = tuple(Stage(depth, width) for depth, width in zip(depths[1:], widths[1:], strict=True))
        with torch.device("meta"):
            backbone = Network(Residual(stages), (widths[0],), 1, Fraction(1))
            stem = [nn.Conv2d(3, widths[0], 7, 2, 3, bias=False), nn.BatchNorm2d(widths[0]), nn.MaxPool2d(3, 2, 1)]
            backbone.stem = nn.Sequential(*stem)
            counts = counted(Classified(backbone, 1000), 224)
        assert (counts.parameters, published_flops(counts, 1000)) == (row["params"], row["flops"])


@every_space
def test_arithmetic_counts_what_the_network_has(space: AnyNet) -> None:
    rng = np.random.default_rng(3)
    for architecture in (space.sample(rng), space.mutate(space.sample(rng), rng), space.largest()):
        assert built(space, architecture) == space.counts(architecture)


@every_space
def test_every_choice_can_be_grouped(space: AnyNet) -> None:
    choices = space.choices
    for width in choices.widths:
        for ratio in choices.ratios:
            assert ratio is None or all(width * ratio % groups == 0 for groups in choices.groups if groups)


@pytest.mark.parametrize(
    ("space", "networks"),
    list(zip(SPACES, (11_390_625, 52_734_375, 1_259_712, 11_390_625, 52_734_375), strict=True)),
    ids=[space.name for space in SPACES],
)
def test_there_are_as_many_networks_as_the_paper_says(space: AnyNet, networks: int) -> None:
    """Limits aside."""
    fields = space.choices.fields().values()
    assert math.prod(map(len, fields)) ** 3 == networks
    assert all(list(values) == sorted(set(values)) for values in fields)


def test_the_largest_have_these_flops() -> None:
    """Those on ImageNet come from an exact search within the limits."""
    most = [space.largest_flops for space in SPACES]
    assert most == [4_646_583_296, 4_634_745_856, 37_510_105_600, 15_527_758_336, 248_336_803_840]


@every_space
def test_no_neighbour_of_the_largest_has_more_flops(space: AnyNet) -> None:
    largest = space.largest()
    for place, stage in enumerate(largest.stages):
        for other in space.choices.neighbours(stage):
            stages = (*largest.stages[:place], other, *largest.stages[place + 1 :])
            try:
                neighbour = space.parse(str(Residual(stages)))
            except UserError:
                continue
            assert space.counts(neighbour).flops < space.largest_flops


@pytest.mark.parametrize("space", IMAGENET, ids=lambda space: space.name)
def test_what_is_drawn_is_within_the_limits(space: AnyNet) -> None:
    rng = np.random.default_rng(0)
    architecture = space.largest()
    for _ in range(100):
        architecture = space.mutate(architecture, rng)
        for drawn in (space.sample(rng), architecture):
            counts = space.counts(drawn)
            assert counts.parameters <= 6_000_000 or counts.flops <= 600_000_000


@pytest.mark.parametrize("space", IMAGENET, ids=lambda space: space.name)
def test_what_is_beyond_the_limits_is_refused(space: AnyNet) -> None:
    stage = f"d16w{space.choices.widths[-1]}b1g1"
    text = "|".join([stage] * 3)
    with pytest.raises(UserError, match="up to 6,000,000 parameters, or up to 600,000,000 FLOPs") as caught:
        space.parse(text)
    assert repr(text) in str(caught.value)
    architecture = read(text)
    assert architecture is not None
    assert f"{space.counts(architecture).parameters:,} parameters" in str(caught.value)


def test_a_published_net_is_read() -> None:
    text = "d16w64b0.25g2|d1w128b0.25g1|d4w16b0.25g2"
    assert str(RESNEXT_A.parse(f" {json.dumps(RESNEXT_CIFAR)}\n")) == text
    assert RESNEXT_A.parse(text) == Residual((Stage(16, 64, 0.25, 2), Stage(1, 128, 0.25, 1), Stage(4, 16, 0.25, 2)))


@pytest.mark.parametrize(
    "changed",
    [
        {"block_type": "res_basic_block"},
        {"ss": [8, 1, 2, 2]},
        {"ss": [1, 1, 2]},
        {"ss": [1, 2, 2, 2]},
        {"ws": [64, 64, 128, 16]},
        {"ds": [2, 16, 1, 4]},
        {"ds": [1, 16, 1]},
        {"ds": None},
        {"ds": "1234"},
        {"ds": [1, 16, 1, 4.5]},
        {"ds": [1, 16, 1, True]},
        {"ds": [1, 16, 1, float("nan")]},
        {"ds": [1, 16, 1, float("inf")]},
        {"ds": [1, 16, 1, 10**400]},
        {"bot_muls": [], "num_gs": []},
        {"bot_muls": [0.0, 0.25, 0.25, "0.25"]},
        {"bot_muls": [0.0, 0.25, 0.25, 10**400]},
        {"num_gs": {}},
    ],
)
def test_another_net_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(UserError, match="a net of the NDS archive with block_type res_bottleneck_block") as caught:
        RESNEXT_A.parse(json.dumps(RESNEXT_CIFAR | changed))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["{", "{}", "{" * 100_000, '{"ds": [1]}', '{"ds": [], "ws": [], "ss": []}', "{1}"])
def test_what_looks_like_a_net_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="not an architecture of NDS ResNeXt-A, CIFAR-10"):
        RESNEXT_A.parse(text)


@pytest.mark.parametrize(
    ("space", "given", "shown"),
    [
        (CIFAR[1], "d3w64b0.25g2|d1w64b1g1|d1w64b1g1", "depth of a stage 3; accepted: 1, 2, 4, 8, 16"),
        (CIFAR[1], "d1w64b0.25g2|d1w512b1g1|d1w64b1g1", "width of a stage 512; accepted: 16, 32, 64, 128, 256"),
        (CIFAR[2], "d1w64b0.25g2|d1w16b1g1|d1w64b1g1", "width of a stage 16; accepted: 64, 128, 256, 512, 1024"),
        (CIFAR[1], "d1w64b0.75g2|d1w64b1g1|d1w64b1g1", "ratio of a stage 0.75; accepted: 0.25, 0.5, 1.0"),
        (CIFAR[1], "d1w64b1g8|d1w64b1g1|d1w64b1g1", "groups of a stage 8; accepted: 1, 2, 4"),
        (CIFAR[1], "d1w64|d1w64|d1w64", "three stages as in d16w256b1g1|d16w256b1g1|d16w256b1g1"),
        (CIFAR[0], "d1w64b1g1|d1w64b1g1|d1w64b1g1", "three stages as in d24w256|d24w256|d24w256"),
        (CIFAR[0], "d1w64|d1w64", "three stages"),
        (CIFAR[0], "d1w64|d1w64|d1w64|d1w64", "three stages"),
        (CIFAR[0], "d1w64|d1w64|d1w64|", "three stages"),
        (CIFAR[0], "d1w64 |d1w64|d1w64", "three stages"),
        (CIFAR[0], "d٣w64|d1w64|d1w64", "three stages"),
        (CIFAR[0], "d1w64|d1w64|d-1w64", "three stages"),
        (CIFAR[0], "d1w64|d1w64|d1w" + "6" * 5000, "three stages"),
        (CIFAR[0], "d1w64|d25w64|d1w64", "depth of a stage 25; accepted: 1, 2, 3"),
        (CIFAR[0], "d1w64|d1w65|d1w64", "width of a stage 65; accepted: 16, 24, 32"),
        (CIFAR[0], "d1w64|d0w64|d1w64", "depth of a stage 0"),
    ],
)
def test_refusals_say_what_is_accepted(space: AnyNet, given: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        space.parse(given)
    assert shown in str(caught.value)
    assert repr(given[:200]) in str(caught.value)


def test_a_measured_resnet_may_have_other_depths_and_widths_than_are_drawn() -> None:
    space, rng = RESNET, np.random.default_rng(0)
    architecture = space.parse("d5w56|d24w16|d1w256")
    drawn = [stage for _ in range(200) for stage in space.sample(rng).stages]
    assert {stage.depth for stage in drawn} == {1, 2, 3, 4, 6, 8, 12, 16, 24}
    assert {stage.width for stage in drawn} == {16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256}
    mutant = space.mutate(architecture, rng)
    assert sum(a != b for a, b in zip(architecture.stages, mutant.stages, strict=True)) == 1


@pytest.mark.parametrize("seed", range(20))
def test_a_mutant_differs_in_one_field_of_one_stage(seed: int) -> None:
    space, rng = RESNEXT_B, np.random.default_rng(seed)
    before = space.sample(rng)
    after = space.mutate(before, rng)
    names = space.choices.fields()
    pairs = zip(before.stages, after.stages, strict=True)
    assert sum(getattr(a, name) != getattr(b, name) for a, b in pairs for name in names) == 1


@pytest.mark.parametrize(
    ("stage", "scale", "channels", "groups"),
    [
        pytest.param(Stage(1, 16, 0.25, 4), Fraction(1), 4, 4, id="as published"),
        pytest.param(Stage(1, 16, 0.25, 4), Fraction(2), 8, 4, id="twice as wide"),
        pytest.param(Stage(1, 16, 0.25, 4), Fraction(1, 2), 2, 2, id="a channel a group at least"),
        pytest.param(Stage(1, 16, 0.25, 4), Fraction(1, 16), 1, 1, id="never none"),
        pytest.param(Stage(1, 64, 0.5, 4), Fraction(10, 64), 4, 4, id="1.25 channels a group are one"),
        pytest.param(Stage(1, 64, 0.5, 4), Fraction(12, 64), 8, 4, id="1.5 channels a group are two"),
        pytest.param(Stage(1, 64, 1.0, 16), Fraction(15, 64), 16, 8, id="15 channels have no 16 groups"),
        pytest.param(Stage(1, 1024, 1.0, 1), Fraction(1, 3), 341, 1, id="one group takes any number"),
    ],
)
def test_channels_of_a_bottleneck_by_hand(stage: Stage, scale: Fraction, channels: int, groups: int) -> None:
    assert bottleneck(stage, scale) == (channels, groups)


@every_space
@pytest.mark.parametrize("width", [1, 3, 4, 10, 16, 48])
def test_a_network_of_any_width_has_three_stages(space: AnyNet, width: int) -> None:
    smallest = "|".join(str(Stage(*(values[0] for values in space.choices.fields().values()))) for _ in range(3))
    backbone = space.build(space.parse(smallest), width)
    stages = backbone(torch.randn(2, 3, 32, 32))
    assert tuple(stage.shape[1] for stage in stages) == backbone.stage_channels
    assert all(stage.isfinite().all() for stage in stages)


@every_space
def test_twice_the_width_doubles_every_convolution(space: AnyNet) -> None:
    architecture = space.sample(np.random.default_rng(5))
    with torch.device("meta"):
        published, double = (
            [m for m in space.build(architecture, width).modules() if isinstance(m, nn.Conv2d)]
            for width in (space.published_width, 2 * space.published_width)
        )
    assert [2 * conv.out_channels for conv in published] == [conv.out_channels for conv in double]
    assert [conv.groups for conv in published] == [conv.groups for conv in double]


@every_space
def test_stages_have_32_16_and_8_pixels_at_cifar_size(space: AnyNet) -> None:
    with torch.device("meta"):
        stages = space.build(space.sample(np.random.default_rng(0)), 8)(torch.empty(1, 3, 32, 32))
    assert [stage.shape[-1] for stage in stages] == [8, 16, 32]


@pytest.mark.parametrize("space", IMAGENET, ids=lambda space: space.name)
def test_stages_have_28_14_and_7_pixels_at_imagenet_size(space: AnyNet) -> None:
    with torch.device("meta"):
        stages = space.build(space.sample(np.random.default_rng(0)), 8, 224)(torch.empty(1, 3, 224, 224))
    assert [stage.shape[-1] for stage in stages] == [7, 14, 28]


def test_the_shortcut_is_a_projection_where_the_shape_changes() -> None:
    network = RESNET.build(RESNET.parse("d2w16|d2w16|d2w24"), 16)
    blocks = [module for module in network.modules() if isinstance(module, Block)]
    assert [isinstance(block.shortcut, nn.Identity) for block in blocks] == [True, True, False, True, False, True]


def test_a_block_adds_its_residual_to_the_shortcut() -> None:
    network = RESNEXT_A.build(RESNEXT_A.parse("d1w16b0.5g2|d1w16b1g1|d1w16b1g1"), 16)
    block = next(module for module in network.modules() if isinstance(module, Block))
    x = torch.randn(4, 16, 8, 8)
    torch.testing.assert_close(block(x), (x + block.residual(x)).relu())
    last = block.residual[-1]
    assert isinstance(last, nn.BatchNorm2d)  # no ReLU before the sum
    nn.init.zeros_(last.weight)
    torch.testing.assert_close(block(x), x.relu())


def test_a_drawing_by_hand() -> None:
    graph = IMAGENET[0].drawings(IMAGENET[0].parse("d1w128b0.5g4|d2w16b1g1|d16w32b0.25g2"))["network"]
    assert [label for _, label in graph.nodes(data="label")] == [
        "input",
        "stem, 64 ch",
        "1 block, 128 ch, ½ bottleneck, 4 groups",
        "2 blocks, 16 ch, full bottleneck, stride 2",
        "16 blocks, 32 ch, ¼ bottleneck, 2 groups, stride 2",
        "output",
    ]
    assert nx.is_path(graph, list(graph))


def test_a_drawing_of_basic_blocks_has_no_bottleneck() -> None:
    graph = RESNET.drawings(RESNET.parse("d1w16|d2w24|d3w32"))["network"]
    assert [label for _, label in graph.nodes(data="label")][2:5] == [
        "1 block, 16 ch",
        "2 blocks, 24 ch, stride 2",
        "3 blocks, 32 ch, stride 2",
    ]
