"""TransNAS-Bench-101 networks (Duan et al., 2021): a skeleton of modules made of one kind of block."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.four_node.network import CellModule, relu_conv_bn
from eproxy_engine.spaces.transnas101.skeleton import BLOCKS, doubles, halves


class Network(Backbone):
    """Stem of two convolutions, then the modules of the skeleton.

    The stem quarters the sides of images. Unless ``strided``, it keeps them, because the skeleton alone may halve
    images of CIFAR size four times. ``edges``: operations of the micro space's cell by (source, target); None for the
    residual blocks of the macro space.
    """

    def __init__(self, skeleton: str, edges: Mapping[tuple[int, int], str] | None, width: int, strided: bool) -> None:
        super().__init__()
        half, stride = max(1, width // 2), 2 if strided else 1
        self.stem = nn.Sequential(
            nn.Conv2d(3, half, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(half),
            relu_conv_bn(half, width, 3, stride, in_place=True),
        )
        self.body = nn.ModuleList()
        channels = [width]
        for kind in skeleton:
            c_in, c_out = channels[-1], channels[-1] * (2 if doubles(kind) else 1)
            blocks = [_block(edges, c_in, c_out, 2 if halves(kind) else 1)]
            blocks += [_block(edges, c_out, c_out, 1) for _ in range(BLOCKS - 1)]
            self.body.append(nn.Sequential(*blocks))
            channels.append(c_out)
        deepest = len(skeleton)
        first, second, *_ = [place for place, kind in enumerate(skeleton) if halves(kind)] + [deepest]
        self.places = (deepest, second, first)
        self.stage_channels = (channels[deepest], channels[second], channels[first])

    def forward(self, x: Tensor) -> list[Tensor]:
        tensors = [self.stem(x)]
        for module in self.body:
            tensors.append(module(tensors[-1]))
        return [tensors[place] for place in self.places]

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.stage_channels[0], classes))


def _block(edges: Mapping[tuple[int, int], str] | None, c_in: int, c_out: int, stride: int) -> nn.Module:
    """Make a cell or residual block: ``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``.

    In a cell, the operations on its input stride and double the channels.
    """
    if edges is None:
        return ResidualBlock(c_in, c_out, stride)
    operations = {
        (source, target): _operation(name, c_out if source else c_in, c_out, 1 if source else stride)
        for (source, target), name in edges.items()
    }
    return CellModule(operations, c_out, stride)


def _operation(name: str, c_in: int, c_out: int, stride: int) -> nn.Module:
    if name == "skip_connect":
        return nn.Identity() if stride == 1 else ReducingSkip(c_in, c_out)
    return relu_conv_bn(c_in, c_out, 1 if name == "conv1x1" else 3, stride)


class ReducingSkip(nn.Module):
    """Skip of a cell of stride 2: ``[b, c_in, h, w]`` -> ``[b, c_out, h / 2, w / 2]``, sides rounded up.

    Half of the channels come from the pixels in even rows and columns, the others from those in odd ones.
    """

    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.even = nn.Conv2d(c_in, c_out // 2, 1, stride=2, bias=False)
        self.odd = nn.Conv2d(c_in, c_out - c_out // 2, 1, stride=2, bias=False)
        self.normalisation = nn.BatchNorm2d(c_out)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(x)
        shifted = nn.functional.pad(x, (0, 1, 0, 1))[:, :, 1:, 1:]
        return self.normalisation(torch.cat([self.even(x), self.odd(shifted)], dim=1))


class ResidualBlock(nn.Module):
    """Block of the macro space: ``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``."""

    def __init__(self, c_in: int, c_out: int, stride: int) -> None:
        super().__init__()
        self.first = relu_conv_bn(c_in, c_out, 3, stride)
        self.second = relu_conv_bn(c_out, c_out, 3, in_place=True)
        self.shortcut = nn.Identity() if stride == 1 and c_in == c_out else _projection(c_in, c_out, stride)

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.second(self.first(x))


def _projection(c_in: int, c_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))
