"""Networks of genotypes, at CIFAR and at ImageNet size (Liu et al., 2019, and NDS)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.cells.genotype import INPUTS, Cell, Genotype, Node
from eproxy_engine.spaces.cells.operations import FactorizedReduction, Zero, operation, relu_conv_bn


class Network(Backbone):
    """Stem and ``depth`` cells, each of which takes the outputs of the last two; two cells halve the grid.

    ``outputs``: for each cell, ``normal`` and ``reduce``, the nodes that make its output. ``width``: channels of an
    operation in the first stage. ``imagenet``: with the stem of networks for ImageNet, which strides three times, or
    only once for images of CIFAR size (``strided`` is false). The stages then have 16, 8 and 4 pixels a side, which
    ranks as well as 32, 16 and 8 and takes less than half the time.
    """

    def __init__(
        self, genotype: Genotype, outputs: Mapping[str, list[int]], width: int, imagenet: bool, strided: bool
    ) -> None:
        super().__init__()
        self.stem = ImageNetStem(width, strided) if imagenet else CifarStem(width)
        before_last = last = self.stem.channels
        halved = imagenet
        self.cells = nn.ModuleList()
        self.ends = (*(place - 1 for place in genotype.reductions), genotype.depth - 1)
        channels = []
        for place in range(genotype.depth):
            reduction = place in genotype.reductions
            width *= 1 + reduction
            cell = CellModule(
                genotype.reduction if reduction else genotype.normal,
                outputs["reduce" if reduction else "normal"],
                (before_last, last),
                width,
                reduction,
                preparation=FactorizedReduction(before_last, width) if halved else None,
            )
            self.cells.append(cell)
            before_last, last = last, cell.c_out
            halved = reduction
            channels.append(last)
        first, second, third = (channels[end] for end in self.ends)
        self.stage_channels = (third, second, first)

    def forward(self, x: Tensor) -> list[Tensor]:
        before_last, last = self.stem(x)
        outputs = []
        for place, cell in enumerate(self.cells):
            before_last, last = last, cell(before_last, last)
            if place in self.ends:
                outputs.append(last)
        return outputs[::-1]

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.stage_channels[0], classes))


class CifarStem(nn.Module):
    """One convolution: ``[b, 3, h, w]`` -> the same ``[b, 3 width, h, w]`` twice."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.channels = 3 * width
        self.layers = _conv_bn(3, self.channels, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.layers(x)
        return x, x


class ImageNetStem(nn.Module):
    """Three convolutions: ``[b, 3, h, w]`` -> ``[b, width, h / 4, w / 4]`` and ``[b, width, h / 8, w / 8]``.

    Unless ``strided``, the first two keep the grid: the outputs have sides h and h / 2.
    """

    def __init__(self, width: int, strided: bool) -> None:
        super().__init__()
        self.channels = width
        stride = 2 if strided else 1
        self.first = nn.Sequential(
            _conv_bn(3, width // 2, stride), nn.ReLU(inplace=True), _conv_bn(width // 2, width, stride)
        )
        self.second = nn.Sequential(nn.ReLU(), _conv_bn(width, width, 2))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.first(x)
        return x, self.second(x)


class CellModule(nn.Module):
    """One cell: ``[b, c, h, w]`` of the cell before the last and of the last -> ``[b, c_out, h', w']``.

    ``concatenated``: the nodes that make its output. ``preparation``: brings the first input to the size of the second
    where they differ.
    """

    def __init__(
        self,
        cell: Cell,
        concatenated: list[int],
        c_in: tuple[int, int],
        channels: int,
        reduction: bool,
        preparation: nn.Module | None,
    ) -> None:
        super().__init__()
        self.concatenated = concatenated
        self.c_out = channels * len(concatenated)
        self.prepare_first = relu_conv_bn(c_in[0], channels, 1) if preparation is None else preparation
        self.prepare_second = relu_conv_bn(c_in[1], channels, 1)
        self.nodes = nn.ModuleList(NodeModule(node, channels, reduction) for node in cell)

    def forward(self, before_last: Tensor, last: Tensor) -> Tensor:
        tensors = [self.prepare_first(before_last), self.prepare_second(last)]
        for node in self.nodes:
            tensors.append(node(tensors))
        return torch.cat([tensors[node] for node in self.concatenated], dim=1)


class NodeModule(nn.Module):
    """Sum of two operations on earlier tensors; operations on the inputs of a reduction cell stride."""

    def __init__(self, node: Node, channels: int, reduction: bool) -> None:
        super().__init__()
        self.sources = [source for _, source in node]
        self.operations = nn.ModuleList(
            operation(name, channels, 2 if reduction and source < INPUTS else 1) for name, source in node
        )

    def forward(self, tensors: list[Tensor]) -> Tensor:
        inputs = [tensors[source] for source in self.sources]
        values = [op(x) for op, x in zip(self.operations, inputs, strict=True) if not isinstance(op, Zero)]
        if not values:
            return self.operations[0](inputs[0])
        return values[0] + values[1] if len(values) == 2 else values[0]


def _conv_bn(c_in: int, c_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False), nn.BatchNorm2d(c_out))
