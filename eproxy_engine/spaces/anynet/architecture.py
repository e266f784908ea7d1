"""Residual networks as values: depth, width, bottleneck ratio and groups of every stage.

The canonical text lists the stages behind the stem, for instance ``d2w16b0.25g2|d2w128b0.5g4|d2w128b0.25g2``: two
blocks of 16 channels with a quarter of them in a bottleneck of two groups, and so on. Without a bottleneck (ResNet) a
stage is ``d2w16``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """``depth`` residual blocks of ``width`` channels."""

    depth: int
    width: int
    ratio: float | None = None
    """Channels of the bottleneck over ``width``; None for blocks without one."""
    groups: int | None = None
    """Groups of the bottleneck's 3x3 convolution."""

    def __str__(self) -> str:
        return f"d{self.depth}w{self.width}" + ("" if self.ratio is None else f"b{self.ratio:g}g{self.groups}")


@dataclass(frozen=True)
class Residual:
    """The stages behind the stem; the second and later ones halve the grid."""

    stages: tuple[Stage, ...]

    def __str__(self) -> str:
        return "|".join(map(str, self.stages))
