"""Operations of cells as NDS trained them: ReLU before and normalisation after each convolution, poolings bare."""

from __future__ import annotations

import re

import torch
from torch import Tensor, nn


def operation(name: str, channels: int, stride: int) -> nn.Module:
    """Make an operation: ``[b, channels, h, w]`` -> ``[b, channels, h / stride, w / stride]``."""
    if name == "none":
        return Zero(stride)
    if name == "skip_connect":
        return nn.Identity() if stride == 1 else FactorizedReduction(channels, channels)
    kernel = int(re.findall(r"\d", name)[0])
    if name.startswith("max_pool"):
        return nn.MaxPool2d(kernel, stride, kernel // 2)
    if name.startswith("avg_pool"):
        return nn.AvgPool2d(kernel, stride, kernel // 2, count_include_pad=False)
    if name.startswith("conv"):
        if name.count("x") == 2:
            return _one_dimensional(channels, kernel, stride)
        return relu_conv_bn(channels, channels, kernel, stride)
    dilation = 2 if name.startswith("dil") else 1
    once = _separable(channels, kernel, stride, dilation)
    if name.startswith("dil_conv"):
        return nn.Sequential(nn.ReLU(), *once)
    again = _separable(channels, kernel, 1, dilation)
    return nn.Sequential(nn.ReLU(), *once, nn.ReLU(inplace=True), *again)


class Zero(nn.Module):
    """The operation ``none``: zeros in the output shape of an operation with this stride."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros_like(x[:, :, :: self.stride, :: self.stride])


class FactorizedReduction(nn.Module):
    """Reduction that halves the grid: ``[b, c_in, h, w]`` -> ``[b, c_out, h / 2, w / 2]``.

    Half the channels see every other pixel, the other half the pixels one further down and right.
    """

    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.even = nn.Conv2d(c_in, c_out // 2, 1, 2, bias=False)
        self.odd = nn.Conv2d(c_in, c_out - c_out // 2, 1, 2, bias=False)
        self.normalise = nn.BatchNorm2d(c_out)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(x)
        shifted = nn.functional.pad(x, (-1, 1, -1, 1))
        return self.normalise(torch.cat([self.even(x), self.odd(shifted)], dim=1))


def relu_conv_bn(c_in: int, c_out: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Make ReLU, convolution and normalisation: ``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``."""
    return nn.Sequential(
        nn.ReLU(), nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(c_out)
    )


def _separable(channels: int, kernel: int, stride: int, dilation: int) -> tuple[nn.Module, ...]:
    padding = dilation * (kernel // 2)
    depthwise = nn.Conv2d(channels, channels, kernel, stride, padding, dilation, groups=channels, bias=False)
    return depthwise, nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels)


def _one_dimensional(channels: int, kernel: int, stride: int) -> nn.Sequential:
    """Make a kernel along the rows, then one along the columns; each strides in its own direction."""
    return nn.Sequential(
        nn.ReLU(),
        nn.Conv2d(channels, channels, (1, kernel), (1, stride), (0, kernel // 2), bias=False),
        nn.Conv2d(channels, channels, (kernel, 1), (stride, 1), (kernel // 2, 0), bias=False),
        nn.BatchNorm2d(channels),
    )
