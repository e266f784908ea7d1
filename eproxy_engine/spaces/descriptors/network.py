"""Descriptors of any network: counts of its layers, as a trial run on the meta device finds them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.complexity import multiply_accumulates, run_on_meta

POOLINGS = (nn.MaxPool2d, nn.AvgPool2d)
KERNELS = (1, 3, 5, 7)
"""Sides of kernels that are counted apart; a kernel counts as the greatest of these that it reaches."""
HALVINGS = range(6)
"""How often the grid has been halved; deeper ones count as the last."""


@dataclass(frozen=True)
class _Convolution:
    halvings: int
    kernel: int
    channels: int
    grouped: bool
    dilated: bool
    parameters: int
    flops: int


def network_descriptors(build: Callable[[], Backbone], size: int) -> dict[str, float]:
    """Describe a network by its convolutions and poolings.

    Args:
        build: Makes the backbone; called on the meta device, so that nothing is computed.
        size: Side of the images in pixels.

    Returns:
        By name: numbers of ``convolutions``, of grouped and of dilated ones, of ``poolings``; for each side of a kernel
        the number of convolutions and their share of the FLOPs; for each ``grid`` (the images' side halved so often)
        the numbers of layers, the mean log2 of their channels, the logs of parameters and FLOPs and their share.
    """
    convolutions: list[_Convolution] = []
    poolings: list[int] = []

    def note(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        halvings = _halvings(size, output)
        if isinstance(module, nn.Conv2d):
            convolutions.append(_described(module, output, halvings))
        elif isinstance(module, POOLINGS):
            poolings.append(halvings)

    run_on_meta(lambda: [build()], size, note)
    return {**_overall(convolutions, poolings), **_by_grid(convolutions, poolings)}


def _halvings(size: int, output: Tensor) -> int:
    return min(max(round(math.log2(size / output.shape[-1])), 0), HALVINGS[-1])


def _described(module: nn.Conv2d, output: Tensor, halvings: int) -> _Convolution:
    reached = [side for side in KERNELS if side <= max(module.kernel_size)]
    return _Convolution(
        halvings=halvings,
        kernel=reached[-1],
        channels=module.out_channels,
        grouped=module.groups > 1,
        dilated=max(module.dilation) > 1,
        parameters=module.weight.numel(),
        flops=multiply_accumulates(module, output),
    )


def _overall(convolutions: list[_Convolution], poolings: list[int]) -> dict[str, float]:
    found: dict[str, float] = {
        "convolutions": len(convolutions),
        "grouped convolutions": sum(each.grouped for each in convolutions),
        "dilated convolutions": sum(each.dilated for each in convolutions),
        "poolings": len(poolings),
    }
    for side in KERNELS:
        mine = [each for each in convolutions if each.kernel == side]
        found[f"convolutions {side}x{side}"] = len(mine)
        found[f"FLOPs share {side}x{side}"] = _share(mine, convolutions)
    return found


def _by_grid(convolutions: list[_Convolution], poolings: list[int]) -> dict[str, float]:
    found: dict[str, float] = {}
    for halvings in HALVINGS:
        mine, grid = [each for each in convolutions if each.halvings == halvings], f"grid 1/{2**halvings}"
        found[f"{grid}: convolutions"] = len(mine)
        found[f"{grid}: poolings"] = poolings.count(halvings)
        found[f"{grid}: log2 channels"] = sum(math.log2(each.channels) for each in mine) / max(len(mine), 1)
        found[f"{grid}: log parameters"] = math.log1p(sum(each.parameters for each in mine))
        found[f"{grid}: log FLOPs"] = math.log1p(sum(each.flops for each in mine))
        found[f"{grid}: FLOPs share"] = _share(mine, convolutions)
    return found


def _share(some: list[_Convolution], every: list[_Convolution]) -> float:
    return sum(each.flops for each in some) / max(sum(each.flops for each in every), 1)
