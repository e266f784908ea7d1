"""The stage outputs of any network: what it has computed before each downsampling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from torch import nn

from eproxy_engine.spaces.own.calls import Call

SAME = 0.75
"""A grid whose side is more than this share of the one before belongs to the same stage: convolutions without padding
take away a few pixels."""
SEVERAL = 3
"""A module that divides the side by this or more downsamples more than once."""
STAGES = 3
CHAINS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
RESIZING = (nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)
WEIGHTED = (nn.Conv2d, nn.Linear)


@dataclass(frozen=True)
class StageOutput:
    """Where a stage output is to be found."""

    name: str
    """Name of the module that returns it."""
    number: int
    """How often the module is called before."""
    channels: int
    side: int
    """Side of its grid in pixels."""


def stage_outputs(network: Call) -> list[StageOutput]:
    """Find what a network returns before each downsampling, and in the end.

    The network is taken apart into its chain of blocks: it is opened itself, and so is each chain
    (``nn.Sequential``), each part that downsamples more than once, and each that returns no grid. Of the blocks that
    return grids of one size, the last counts. A block that returns to a larger grid ends a side path, such as the
    weights of squeeze and excitation, which does not count.

    Args:
        network: The call of the network.

    Returns:
        Three outputs, deepest first: those of the last three sizes. Where there are fewer, the next deeper one replaces
        a missing one, as in every :class:`~eproxy_engine.spaces.backbone.Backbone`. Empty without a grid larger than
        one pixel, and for a network that does most of its work on something else than a grid, such as tokens.
    """
    blocks = list(chain(network))
    last = {block.left: place for place, block in enumerate(blocks) if block.left and _is_stage_output(block)}
    sides: list[int] = []
    for side in sorted(last, key=lambda side: -last[side]):
        if side > max(sides, default=0):
            sides.append(side)
    ends = [side for deeper, side in pairwise([0, *sides]) if deeper <= SAME * side]
    if not ends or _weighted(blocks[: last[ends[0]] + 1]) < _weighted(blocks[last[ends[0]] + 1 :]):
        return []
    found = [_output(blocks[last[side]], side) for side in ends[:STAGES]]
    return [*found[:1] * (STAGES - len(found)), *found]


def chain(network: Call) -> Iterator[Call]:
    """Take the call of a network apart into those of its blocks, in the order of their computation."""
    for call in network.within:
        if call.within and _is_opened(call):
            yield from chain(call)
        else:
            yield call


def parts(network: Call) -> list[nn.Module]:
    """Return the largest modules that return grids of one size or downsample once, chains among them, in order."""
    found = []
    for call in network.within:
        if call.within and _is_opened(call) and not (isinstance(call.module, CHAINS) and call.left):
            found += parts(call)
        elif call.left and call.module not in found:
            found.append(call.module)
    return found


def _is_opened(call: Call) -> bool:
    if type(call.module) in CHAINS or call.left is None:
        return True
    return call.entered is not None and call.entered >= SEVERAL * call.left


def _is_stage_output(block: Call) -> bool:
    """Return whether a block gives a grid of several pixels that is not merely resized for the head."""
    return block.left is not None and block.left > 1 and not isinstance(block.module, RESIZING)


def _output(block: Call, side: int) -> StageOutput:
    return StageOutput(block.name, block.number, block.channels, side)


def _weighted(blocks: list[Call]) -> int:
    """Count the calls of convolutions and linear layers in blocks."""
    return sum(isinstance(block.module, WEIGHTED) + _weighted(block.within) for block in blocks)
