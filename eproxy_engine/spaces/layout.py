"""Memory layout of weights in which a CPU and a GPU convolve fastest."""

from __future__ import annotations

import torch
from torch import nn

from eproxy_engine.spaces.convolutions import become_quick
from eproxy_engine.spaces.own.backbone import OwnBackbone


def to_channels_last(network: nn.Module) -> None:
    """Convert ``network`` to channels-last in place and switch its convolutions to faster equivalents.

    Images must be channels-last, too. Networks of a user's own stay as they are: they may view a tensor in another
    shape, which only works in the layout that they were written for.
    """
    if any(isinstance(module, OwnBackbone) for module in network.modules()):
        return
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for module in network.modules():
        if type(module) is nn.Conv2d:
            become_quick(module)
