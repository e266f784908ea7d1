"""Spaces of cells: operations, stems and grids of the networks."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import spaces
from eproxy_engine.spaces.cells.arithmetic import Counts, operation_counts
from eproxy_engine.spaces.cells.genotype import Cell, Genotype
from eproxy_engine.spaces.cells.kinds import AMOEBA, DARTS, ENAS, NASNET, PNAS
from eproxy_engine.spaces.cells.network import CellModule, Network
from eproxy_engine.spaces.cells.operations import FactorizedReduction, operation

OPERATIONS = sorted({name for kind in (AMOEBA, DARTS, ENAS, NASNET, PNAS) for name in kind.operations})
ENAS_CELL: Cell = (
    (("sep_conv_3x3", 0), ("skip_connect", 1)),
    (("max_pool_3x3", 2), ("avg_pool_3x3", 0)),
    (("skip_connect", 1), ("skip_connect", 1)),
    (("sep_conv_5x5", 4), ("sep_conv_3x3", 3)),
    (("skip_connect", 2), ("sep_conv_5x5", 0)),
)
"""Nodes 5 and 6 are loose."""


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_the_parameters_and_the_grid_of_arithmetic(name: str, stride: int) -> None:
    module = operation(name, 6, stride)
    assert sum(p.numel() for p in module.parameters()) == operation_counts(name, 6, stride, 4).parameters
    for side in (8, 7, 14):
        assert module(torch.randn(2, 6, side, side)).shape == (2, 6, -(-side // stride), -(-side // stride))


@pytest.mark.parametrize(
    ("name", "stride", "parameters", "flops"),
    [
        ("conv_1x1", 1, 64 + 16, 64 * 16),
        ("conv_3x3", 2, 9 * 64 + 16, 9 * 64 * 16),
        ("conv_3x1_1x3", 1, 6 * 64 + 16, 6 * 64 * 16),
        ("conv_7x1_1x7", 2, 14 * 64 + 16, 21 * 64 * 16),
        ("sep_conv_5x5", 2, 2 * (25 * 8 + 64 + 16), 2 * (25 * 8 + 64) * 16),
        ("dil_conv_3x3", 1, 9 * 8 + 64 + 16, (9 * 8 + 64) * 16),
        ("dil_sep_conv_3x3", 1, 2 * (9 * 8 + 64 + 16), 2 * (9 * 8 + 64) * 16),
        ("skip_connect", 1, 0, 0),
        ("skip_connect", 2, 64 + 16, 64 * 16),
        ("max_pool_7x7", 2, 0, 0),
        ("none", 1, 0, 0),
    ],
)
def test_figures_of_operations_by_hand(name: str, stride: int, parameters: int, flops: int) -> None:
    """For 8 channels, on a grid of 4 x 4 in the end."""
    assert operation_counts(name, 8, stride, 4) == Counts(parameters, flops)


def test_a_factorized_reduction_sees_other_pixels_with_each_half_of_its_channels() -> None:
    module = FactorizedReduction(1, 2).eval()
    nn.init.ones_(module.even.weight)
    nn.init.ones_(module.odd.weight)
    x = torch.arange(1.0, 17.0).reshape(1, 1, 4, 4)
    expected = torch.stack([x[0, 0, ::2, ::2], x[0, 0, 1::2, 1::2]])[None]
    torch.testing.assert_close(module(x), expected / (1 + module.normalise.eps) ** 0.5)


def test_a_factorized_reduction_of_an_odd_grid_fills_up_with_zeros() -> None:
    module = FactorizedReduction(1, 2).eval()
    nn.init.ones_(module.odd.weight)
    odd = module(torch.ones(1, 1, 3, 3))[0, 1]
    torch.testing.assert_close(odd, torch.tensor([[1.0, 0], [0, 0]]) / (1 + module.normalise.eps) ** 0.5)


def test_an_average_does_not_count_what_is_outside() -> None:
    torch.testing.assert_close(operation("avg_pool_3x3", 1, 1)(torch.ones(1, 1, 4, 4)), torch.ones(1, 1, 4, 4))


def test_dilated_kernels_reach_further() -> None:
    seen = {}
    for name in ("sep_conv_3x3", "dil_conv_3x3", "dil_conv_5x5", "dil_sep_conv_3x3"):
        x = torch.ones(1, 2, 33, 33, requires_grad=True)
        module = operation(name, 2, 1).eval()
        for parameter in module.parameters():
            nn.init.ones_(parameter)
        module(x)[0, :, 16, 16].sum().backward()
        assert x.grad is not None
        rows = x.grad.abs().sum((0, 1, 3)).nonzero()
        seen[name] = int(rows.max() - rows.min()) + 1
    assert seen == {"sep_conv_3x3": 5, "dil_conv_3x3": 5, "dil_conv_5x5": 9, "dil_sep_conv_3x3": 9}


def test_a_cell_is_what_its_text_says() -> None:
    """Computed once more by hand, from the operations of the module."""
    module = CellModule(ENAS_CELL, ENAS.concatenated(ENAS_CELL), (4, 6), 8, reduction=True, preparation=None).eval()
    first, second = torch.randn(2, 4, 8, 8), torch.randn(2, 6, 8, 8)
    ops = [list(node.operations) for node in module.nodes]  # type: ignore[arg-type, union-attr]
    a, b = module.prepare_first(first), module.prepare_second(second)
    n2 = ops[0][0](a) + ops[0][1](b)
    n3 = ops[1][0](n2) + ops[1][1](a)
    n4 = ops[2][0](b) + ops[2][1](b)
    n5 = ops[3][0](n4) + ops[3][1](n3)
    n6 = ops[4][0](n2) + ops[4][1](a)
    torch.testing.assert_close(module(first, second), torch.cat([n5, n6], dim=1))
    assert n5.shape == (2, 8, 4, 4)
    strides = [[int(op.stride) if hasattr(op, "stride") else None for op in node] for node in ops]
    assert strides[1] == [1, 2]  # the poolings: of an inner node, of an input of the cell


def test_none_is_zero() -> None:
    none, skip = ("none", 0), ("skip_connect", 1)
    cell = ((none, skip), (none, none), (("skip_connect", 3), ("max_pool_3x3", 3)), (skip, skip))
    module = CellModule(cell, [2, 3, 4, 5], (4, 4), 4, reduction=False, preparation=None).eval()
    x = torch.randn(2, 4, 8, 8)
    b, outputs = module.prepare_second(x), module(x, x).split(4, dim=1)
    torch.testing.assert_close(outputs[0], b)
    assert not outputs[1].any()
    assert not outputs[2].any()
    torch.testing.assert_close(outputs[3], 2 * b)


@pytest.mark.parametrize("reduction", [False, True])
def test_a_cell_of_none_gives_zeros_of_the_right_size(reduction: bool) -> None:
    cell: Cell = ((("none", 0), ("none", 1)), (("none", 2), ("none", 1)), *[(("none", 2), ("none", 3))] * 2)
    module = CellModule(cell, [2, 3, 4, 5], (4, 4), 4, reduction, None)
    output = module(torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8))
    assert output.shape == ((2, 16, 4, 4) if reduction else (2, 16, 8, 8))
    assert not output.any()


def shapes(stages: list[Tensor]) -> list[tuple[int, ...]]:
    return [tuple(stage.shape[1:]) for stage in stages]


@pytest.mark.parametrize("depth", [4, 6, 7, 11])
def test_grids_of_the_stages(depth: int) -> None:
    genotype, outputs = Genotype(depth, 8, ENAS_CELL, ENAS_CELL), ENAS.concatenated(ENAS_CELL)
    with torch.no_grad():
        for imagenet, strided, size, side in ((False, False, 32, 32), (True, False, 32, 16), (True, True, 224, 28)):
            network = Network(genotype, dict.fromkeys(("normal", "reduce"), outputs), 8, imagenet, strided)
            expected = [(64, side // 4, side // 4), (32, side // 2, side // 2), (16, side, side)]
            assert shapes(network(torch.zeros(1, 3, size, size))) == expected


@pytest.mark.parametrize("name", ["nds-imagenet-nasnet", "darts"])
def test_strides_of_the_stem_are_left_out_at_cifar_size_alone(name: str) -> None:
    space = spaces.get(name)
    genotype = space.sample(np.random.default_rng(0))
    sides = {}
    for size in (32, 64, 224):
        with torch.no_grad():
            stages = space.build(genotype, 4, size)(torch.zeros(1, 3, size, size))
        sides[size] = [stage.shape[2] for stage in stages]
    assert sides == {32: [4, 8, 16], 64: [2, 4, 8], 224: [7, 14, 28]}


@pytest.mark.parametrize(("width", "channels"), [(32, 48), (64, 96), (8, 12), (4, 6), (1, 2), (17, 26)])
def test_a_network_of_another_width_has_all_channels_in_proportion(width: int, channels: int) -> None:
    """Of an architecture whose own width is 48, in a space where 32 is the nominal one; always even."""
    space = spaces.get("nds-imagenet-enas")
    genotype = Genotype(6, 48, ENAS_CELL, ENAS_CELL)
    with torch.device("meta"):
        backbone = space.build(genotype, width)
    assert backbone.stage_channels == (8 * channels, 4 * channels, 2 * channels)
