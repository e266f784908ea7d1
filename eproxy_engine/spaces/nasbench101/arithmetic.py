"""Parameters and FLOPs of a NAS-Bench-101 network by arithmetic: the rule of :mod:`eproxy_engine.spaces.complexity`.

No network is built, so limits on these figures can be tried on all 423,624 cells.
"""

from __future__ import annotations

from dataclasses import dataclass

from eproxy_engine.spaces.nasbench101.cell import Cell, vertex_channels

IMAGE_CHANNELS = 3
STAGES = 3
CELLS_PER_STAGE = 3
AREAS = {"conv3x3": 9, "conv1x1": 1}
"""Pixels of the kernels; pooling has no weights."""


@dataclass(frozen=True)
class Counts:
    """Trainable parameters, and multiply–accumulates for one image."""

    parameters: int = 0
    flops: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.parameters + other.parameters, self.flops + other.flops)

    def __mul__(self, times: int) -> Counts:
        return Counts(self.parameters * times, self.flops * times)


def network_counts(cell: Cell, width: int, side: int, classes: int) -> Counts:
    """Count the whole network with its classifier, for images of ``side`` pixels a side and a stem of that width."""
    total, channels = _layers(IMAGE_CHANNELS * width * 9, width, side), width
    for stage in range(STAGES):
        c_out = width * 2**stage
        total += _cell(cell, channels, c_out, side) + _cell(cell, c_out, c_out, side) * (CELLS_PER_STAGE - 1)
        channels, side = c_out, side // 2
    return total + Counts((channels + 1) * classes, channels * classes)


def _cell(cell: Cell, c_in: int, c_out: int, side: int) -> Counts:
    """Count a cell from ``c_in`` to ``c_out`` channels: its projections of the input, and its convolutions."""
    channels = vertex_channels(cell, c_in, c_out)
    projected = sum(channels[target] for source, target in cell.edges if source == 0)
    convolved = [(AREAS[name], channels[v]) for v, name in enumerate(cell.operations, start=1) if name in AREAS]
    weights = c_in * projected + sum(area * each**2 for area, each in convolved)
    return _layers(weights, projected + sum(each for _, each in convolved), side)


def _layers(weights: int, channels: int, side: int) -> Counts:
    """Count convolutions of so many weights, and normalisations of their output channels."""
    return Counts(weights + 2 * channels, weights * side * side)
