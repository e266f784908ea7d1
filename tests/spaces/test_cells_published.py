"""Spaces of cells: parameters and FLOPs of all 1,102 networks that NDS measured on ImageNet."""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import benchmarks, spaces
from eproxy_engine.spaces.cells.genotype import INPUTS, Genotype, edges_of
from eproxy_engine.spaces.cells.kinds import Kind
from eproxy_engine.spaces.cells.space import CellSpace

pytestmark = pytest.mark.thorough

PUBLISHED = pd.read_csv(Path(__file__).parent / "data/nds_cells_published.csv")
"""Space (without ``nds-imagenet-``), first eight digits of the SHA-256 of the canonical text, published figures."""
ROWS = {
    "darts": 121,
    "darts-fix-w-d": 499,
    "amoeba": 124,
    "enas": 117,
    "nasnet": 122,
    "pnas": 119,
}
SIZE = 224
CLASSIFIER_BIASES = 1000
every_space = pytest.mark.parametrize("short", ROWS)


def cell_space(short: str) -> CellSpace:
    space = spaces.get(f"nds-imagenet-{short}")
    assert isinstance(space, CellSpace)
    return space


def published(short: str) -> pd.DataFrame:
    """The shipped table with the columns ``published_parameters`` and ``published_flops``."""
    figures = PUBLISHED[PUBLISHED["space"] == short].set_index("digest")
    table = benchmarks.load(f"nds-imagenet-{short}")
    digests = [hashlib.sha256(text.encode()).hexdigest()[:8] for text in table["architecture"]]
    assert len(digests) == len(set(digests)) == len(figures) == ROWS[short]
    return table.join(figures.loc[digests, ["parameters", "flops"]].add_prefix("published_").reset_index(drop=True))


def what_nds_adds(genotype: Genotype, kind: Kind) -> int:
    """What the published FLOPs have over multiply–accumulates, by arithmetic.

    The biases of the classifier, one for every element that is rectified or averaged in the end, the area of its
    window for every element that a pooling puts out; and depthwise convolutions with a dilation are counted on the grid
    that they would put out without one.
    """
    width, side = genotype.width, SIZE // 8
    total = CLASSIFIER_BIASES + width // 2 * (SIZE // 2) ** 2 + width * (SIZE // 4) ** 2
    halved, before_last, last = True, width, width
    for place in range(genotype.depth):
        reduction = place in genotype.reductions
        cell = genotype.reduction if reduction else genotype.normal
        width *= 1 + reduction
        total += before_last * (side * (1 + halved)) ** 2 + last * side**2
        side //= 1 + reduction
        for name, source in edges_of(cell):
            stride = 2 if reduction and source < INPUTS else 1
            total += width * _added_by_operation(name, stride, side)
        halved, before_last, last = reduction, last, width * len(kind.concatenated(cell))
    return total + last * side**2


def _added_by_operation(name: str, stride: int, side: int) -> int:
    """For a channel."""
    came_in = (side * stride) ** 2
    if name == "none" or (name == "skip_connect" and stride == 1):
        return 0
    if name == "skip_connect":
        return came_in
    kernel = int(re.findall(r"\d", name)[0])
    if "pool" in name:
        return kernel**2 * side**2
    twice = "sep_conv" in name
    added = came_in + twice * side**2
    if name.startswith("dil"):
        for grid, step in ((side * stride, stride), *([(side, 1)] if twice else [])):
            without = (grid + 2 * (kernel - 1) - kernel) // step + 1
            added += kernel**2 * (without**2 - side**2)
    return added


@every_space
def test_table_has_the_published_figures(short: str) -> None:
    """Every row, through the shipped table, whose figures the converter counted on built networks."""
    table, space = published(short), cell_space(short)
    genotypes = [space.parse(text) for text in table["architecture"]]
    assert [str(genotype) for genotype in genotypes] == table["architecture"].tolist()
    assert table["parameters"].tolist() == table["published_parameters"].tolist()
    ours = [
        flops + what_nds_adds(genotype, space.kind) for flops, genotype in zip(table["flops"], genotypes, strict=True)
    ]
    assert ours == table["published_flops"].tolist()


@every_space
def test_table_has_the_figures_of_arithmetic(short: str) -> None:
    table, space = published(short), cell_space(short)
    counts = [space.counts(space.parse(text)) for text in table["architecture"]]
    assert [c.parameters for c in counts] == table["parameters"].tolist()
    assert [c.flops for c in counts] == table["flops"].tolist()


@every_space
def test_built_networks_have_the_published_figures(short: str) -> None:
    table, space = published(short).sample(1, random_state=1), cell_space(short)
    for row in table.itertuples():
        counted = space.complexity(space.parse(row.architecture))
        assert counted.parameters == row.published_parameters
        assert counted.flops == row.flops
        assert counted.activations == row.activations


@every_space
def test_the_published_rule_counts_the_published_flops_on_a_built_network(short: str) -> None:
    """Another way than by arithmetic: what the network's layers really take and give."""
    row = published(short).sample(1, random_state=2).iloc[0]
    space, counted = cell_space(short), []

    def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        counted.append(_as_nds_counts(module, inputs[0], output))

    with torch.device("meta"), torch.no_grad():
        backbone = space.build(space.parse(row["architecture"]), space.published_width, SIZE)
        network = nn.ModuleList([backbone, backbone.classifier(space.classes)])
        for module in network.modules():
            if not list(module.children()):
                module.register_forward_hook(add)
        network[1](backbone(torch.empty(1, 3, SIZE, SIZE))[0])
    assert sum(counted) == row["published_flops"]


def _as_nds_counts(module: nn.Module, x: Tensor, output: Tensor) -> int:
    if isinstance(module, nn.Conv2d):
        (kernel, wide), (step, step_wide), (pad, pad_wide) = module.kernel_size, module.stride, module.padding  # type: ignore[misc]
        grid = ((x.shape[2] + 2 * pad - kernel) // step + 1) * ((x.shape[3] + 2 * pad_wide - wide) // step_wide + 1)
        return module.weight.numel() * grid
    if isinstance(module, nn.Linear):
        return module.weight.numel() + module.out_features
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        return output.numel() * int(module.kernel_size) ** 2  # type: ignore[arg-type]
    return x.numel() if isinstance(module, nn.ReLU | nn.AdaptiveAvgPool2d) else 0


@every_space
def test_no_measured_network_has_more_flops_than_the_largest(short: str) -> None:
    assert benchmarks.load(f"nds-imagenet-{short}")["flops"].max() <= cell_space(short).largest_flops


SEARCHED = {
    "DARTS (second order)": (
        "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), "
        "('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], "
        "normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), "
        "('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], "
        "reduce_concat=[2, 3, 4, 5])",
        4.7,
    ),
    "P-DARTS": (
        "Genotype(normal=[('skip_connect', 0), ('dil_conv_3x3', 1), ('skip_connect', 0), ('sep_conv_3x3', 1), "
        "('sep_conv_3x3', 1), ('sep_conv_3x3', 3), ('sep_conv_3x3', 0), ('dil_conv_5x5', 4)], "
        "normal_concat=range(2, 6), reduce=[('avg_pool_3x3', 0), ('sep_conv_5x5', 1), ('sep_conv_3x3', 0), "
        "('dil_conv_5x5', 2), ('max_pool_3x3', 0), ('dil_conv_3x3', 1), ('dil_conv_3x3', 1), ('dil_conv_5x5', 3)], "
        "reduce_concat=range(2, 6))",
        4.9,
    ),
    "PC-DARTS": (
        "Genotype(normal=[('sep_conv_3x3', 1), ('skip_connect', 0), ('sep_conv_3x3', 0), ('dil_conv_3x3', 1), "
        "('sep_conv_5x5', 0), ('sep_conv_3x3', 1), ('avg_pool_3x3', 0), ('dil_conv_3x3', 1)], "
        "normal_concat=range(2, 6), reduce=[('sep_conv_5x5', 1), ('max_pool_3x3', 0), ('sep_conv_5x5', 1), "
        "('sep_conv_5x5', 2), ('sep_conv_3x3', 0), ('sep_conv_3x3', 3), ('sep_conv_3x3', 1), ('sep_conv_3x3', 2)], "
        "reduce_concat=range(2, 6))",
        5.3,
    ),
}


@pytest.mark.parametrize("name", SEARCHED)
def test_networks_of_table_8_have_its_parameters(name: str) -> None:
    """Of the paper's Table 8, in millions: those that were searched on CIFAR-10 with this space."""
    text, millions = SEARCHED[name]
    space = spaces.get("darts")
    assert round(space.complexity(space.parse(text)).parameters / 1e6, 1) == millions
