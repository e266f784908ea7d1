"""Parameters and FLOPs of a network by arithmetic: the counting rule of :mod:`eproxy_engine.spaces.complexity`.

No network is built, so a space with limits on these figures can sample quickly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from eproxy_engine.spaces.cells.genotype import INPUTS, Genotype, edges_of
from eproxy_engine.spaces.cells.kinds import Kind

IMAGE_CHANNELS = 3
IMAGENET_STEM_STRIDE = 8


@dataclass(frozen=True)
class Counts:
    """Trainable parameters, and multiply–accumulates for one image."""

    parameters: int = 0
    flops: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.parameters + other.parameters, self.flops + other.flops)


def network_counts(genotype: Genotype, kind: Kind, imagenet: bool, size: int, classes: int) -> Counts:
    """Count the whole network with its classifier; ``imagenet``: with the stem of networks for ImageNet."""
    width, side = genotype.width, size
    if imagenet:
        total, side = _imagenet_stem(width, size), size // IMAGENET_STEM_STRIDE
        before_last = last = width
    else:
        total = _convolution(IMAGE_CHANNELS, 3 * width, 9, size)
        before_last = last = 3 * width
    for place in range(genotype.depth):
        reduction = place in genotype.reductions
        cell = genotype.reduction if reduction else genotype.normal
        width *= 1 + reduction
        total += _convolution(before_last, width, 1, side) + _convolution(last, width, 1, side)
        side //= 1 + reduction
        for name, source in edges_of(cell):
            total += operation_counts(name, width, 2 if reduction and source < INPUTS else 1, side)
        before_last, last = last, width * len(kind.concatenated(cell))
    return total + Counts((last + 1) * classes, last * classes)


@lru_cache(maxsize=4096)
def operation_counts(name: str, channels: int, stride: int, side: int) -> Counts:
    """Count one operation that keeps ``channels`` and has an output of ``side`` pixels a side."""
    if name == "skip_connect":
        return _convolution(channels, channels, 1, side) if stride == 2 else Counts()
    if name == "none" or "pool" in name:
        return Counts()
    kernel = int(re.findall(r"\d", name)[0])
    if name.startswith("conv") and name.count("x") == 2:  # two one-dimensional kernels, the first of stride 1 in height
        first = channels * channels * kernel
        return Counts(2 * first + 2 * channels, (stride + 1) * first * side * side)
    if name.startswith("conv"):
        return _convolution(channels, channels, kernel * kernel, side)
    once = _convolution(channels, channels, 1, side) + Counts(kernel**2 * channels, kernel**2 * channels * side * side)
    return once if name.startswith("dil_conv") else once + once


def _convolution(c_in: int, c_out: int, area: int, side: int) -> Counts:
    """Count a convolution with a kernel of ``area`` pixels and its normalisation."""
    weights = c_in * c_out * area
    return Counts(weights + 2 * c_out, weights * side * side)


def _imagenet_stem(width: int, size: int) -> Counts:
    half = _convolution(IMAGE_CHANNELS, width // 2, 9, size // 2)
    return half + _convolution(width // 2, width, 9, size // 4) + _convolution(width, width, 9, size // 8)
