"""The primary blocks of a network and their outputs."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.own.backbone import OwnBackbone


def primary_blocks(backbone: Backbone) -> list[nn.Module]:
    """Find cells, residual blocks and stems: the largest parts that are not merely chains or lists of such parts.

    A single layer (a convolution, a pooling) is no block. The list is empty for a backbone whose layers are not grouped
    in modules.
    """
    parts = backbone.parts if isinstance(backbone, OwnBackbone) else backbone.children()
    return [block for part in parts for block in _blocks(part)]


def _blocks(module: nn.Module) -> Iterator[nn.Module]:
    if not _composite(module):
        return
    parts = [part for part in module.children() if _composite(part)]
    if isinstance(module, nn.ModuleList | nn.ModuleDict) or (isinstance(module, nn.Sequential) and len(parts) > 1):
        for part in parts:
            yield from _blocks(part)
    else:
        yield module


def _composite(module: nn.Module) -> bool:
    return next(module.children(), None) is not None


def of_blocks(found: list[object], stages: list[Tensor]) -> list[list[Tensor]]:
    """Return the tensors ``[b, c, h', w']`` of each block: one, or several for a block with several resolutions.

    Args:
        found: Outputs of the primary blocks.
        stages: Outputs of the stages; the distinct ones replace fewer than two primary blocks.
    """
    outputs = [_tensors(output) for output in found]
    if len(outputs) < 2:
        return [[stage] for place, stage in enumerate(stages[::-1]) if place == 0 or stage is not stages[-place]]
    return outputs


def _tensors(output: object) -> list[Tensor]:
    return [output] if isinstance(output, Tensor) else list(output)  # type: ignore[call-overload]


def joined(output: list[Tensor]) -> Tensor:
    """Concatenate a block's tensors, ``[b, sum of c, h', w']``, averaged to the grid of the coarsest."""
    height, width = grid = min(tensor.shape[2:] for tensor in output)
    averaged = [x if x.shape[2:] == grid else nn.functional.adaptive_avg_pool2d(x, (height, width)) for x in output]
    return averaged[0] if len(averaged) == 1 else torch.cat(averaged, dim=1)
