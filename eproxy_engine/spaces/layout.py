"""Memory layout of weights in which a CPU and a GPU convolve fastest."""

from __future__ import annotations

import torch
from torch import nn

from eproxy_engine.spaces.convolutions import become_quick


def to_channels_last(network: nn.Module) -> None:
    """Convert ``network`` to channels-last in place and switch its convolutions to faster equivalents.

    Images must be channels-last, too.
    """
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for module in network.modules():
        if type(module) is nn.Conv2d:
            become_quick(module)
