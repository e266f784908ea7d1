"""Heads: transform and barrier layer between a stage output and its target (§2.1, Eq. 1)."""

from __future__ import annotations

from torch import Tensor, nn

from eproxy_engine.proxy.choices import GRID
from eproxy_engine.proxy.configuration import Branch


def transform_layer(branch: Branch, c_in: int) -> nn.Sequential:
    """Make the trained layer: ``[b, c_in, 8, 8]`` -> ``[b, c_mid, 8, 8]``."""
    kernel = branch.transform_kernel
    return nn.Sequential(
        nn.Conv2d(c_in, branch.c_mid, kernel, padding=kernel // 2), nn.ReLU(), nn.BatchNorm2d(branch.c_mid)
    )


def barrier_layer(branch: Branch) -> nn.Conv2d:
    """Make the frozen layer: ``[b, c_mid, 8, 8]`` -> ``[b, c_out, 8, 8]``."""
    kernel = branch.barrier_kernel
    return nn.Conv2d(branch.c_mid, branch.c_out, kernel, padding=kernel // 2).requires_grad_(False)


class Head(nn.Module):
    """Head that resizes a stage output ``[b, c, h, w]`` to the target's grid, then applies transform and barrier."""

    def __init__(self, transform: nn.Sequential, barrier: nn.Module) -> None:
        super().__init__()
        self.transform = transform
        self.barrier = barrier

    def forward(self, stage: Tensor) -> Tensor:
        """Return the prediction ``[b, c_out, 8, 8]`` (``c_mid`` channels where the barrier is the identity)."""
        if stage.shape[2:] != (GRID, GRID):
            stage = nn.functional.interpolate(stage, (GRID, GRID), mode="nearest")
        return self.barrier(self.transform(stage))
