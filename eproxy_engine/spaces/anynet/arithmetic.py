"""Parameters and FLOPs of a residual network by arithmetic: the rule of :mod:`eproxy_engine.spaces.complexity`.

No network is built, so a space with limits on these figures can sample quickly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from eproxy_engine.spaces.anynet.architecture import Residual, Stage


@dataclass(frozen=True)
class Counts:
    """Parameters and FLOPs of a network at the published width."""

    parameters: int = 0
    flops: int = 0
    """Multiply–accumulates for one image."""
    normalised: int = 0
    """Elements in the outputs of normalisations for one image; NDS counts five operations for each."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.parameters + other.parameters, self.flops + other.flops, self.normalised + other.normalised)

    def __mul__(self, times: int) -> Counts:
        return Counts(self.parameters * times, self.flops * times, self.normalised * times)


def network_counts(
    architecture: Residual, strides: Sequence[int], stem: Sequence[int], stem_stride: int, side: int, classes: int
) -> Counts:
    """Count the whole network with its classifier, for images of ``side`` pixels a side."""
    total, c_in = Counts(), stem[-1]
    for before, after in pairwise((3, *stem)):
        side //= stem_stride
        total += _convolution(before, after, 3, side)
    for stage, stride in zip(architecture.stages, strides, strict=True):
        total += _block(stage, c_in, stride, side)
        side //= stride
        total += _block(stage, stage.width, 1, side) * (stage.depth - 1)
        c_in = stage.width
    return total + Counts((c_in + 1) * classes, c_in * classes)


def _block(stage: Stage, c_in: int, stride: int, side: int) -> Counts:
    """Count a block whose input has ``side`` pixels a side; its middle, or first of two, 3x3 convolution strides."""
    c_out, after = stage.width, side // stride
    shortcut = Counts() if c_in == c_out and stride == 1 else _convolution(c_in, c_out, 1, after)
    if stage.ratio is None or stage.groups is None:
        return shortcut + _convolution(c_in, c_out, 3, after) + _convolution(c_out, c_out, 3, after)
    middle = int(c_out * stage.ratio)
    grouped = _convolution(middle, middle, 3, after, stage.groups)
    return shortcut + _convolution(c_in, middle, 1, side) + grouped + _convolution(middle, c_out, 1, after)


def _convolution(c_in: int, c_out: int, kernel: int, side: int, groups: int = 1) -> Counts:
    """Count a convolution and the normalisation behind it, with an output of ``side`` pixels a side."""
    weights = c_in // groups * c_out * kernel**2
    return Counts(weights + 2 * c_out, weights * side**2, c_out * side**2)
