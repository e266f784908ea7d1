"""What a network's modules do with a batch of images: which is called when, within which, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class Call:
    """One call of a module."""

    name: str
    """Name of the module within the network; empty for the network itself."""
    module: nn.Module
    number: int
    """How often the module was called before."""
    entered: int | None
    """Side of the grid that it was given; None unless it was a square one."""
    left: int | None = None
    """Side of the grid that it returned; None unless it is a square one."""
    channels: int = 0
    """Channels of the returned grid."""
    within: list[Call] = field(default_factory=list)
    """Calls during this one, in order."""


def calls(network: nn.Module, images: Tensor) -> tuple[Call, object]:
    """Run a network once, without gradients.

    Args:
        network: A network; what it counts in train mode, such as running means, changes.
        images: Images ``[b, 3, h, w]``.

    Returns:
        The network's own call, and what it returned.

    Raises:
        Exception: Whatever the network raises.
    """
    top = Call("", network, 0, None)
    open_calls, counts = [top], dict.fromkeys(network.modules(), 0)

    def enter(name: str, module: nn.Module, inputs: tuple[object, ...]) -> None:
        call = Call(name, module, counts[module], side(inputs[0]) if inputs else None)
        counts[module] += 1
        open_calls[-1].within.append(call)
        open_calls.append(call)

    def leave(output: object) -> None:
        call = open_calls.pop()
        call.left = side(output)
        call.channels = output.shape[1] if isinstance(output, Tensor) and call.left else 0

    hooks = []
    for name, module in network.named_modules():
        hooks.append(module.register_forward_pre_hook(lambda m, inputs, name=name: enter(name, m, inputs)))
        hooks.append(module.register_forward_hook(lambda m, inputs, output: leave(output)))
    try:
        with torch.no_grad():
            returned = network(images)
    finally:
        for hook in hooks:
            hook.remove()
    return top.within[0], returned


def side(value: object) -> int | None:
    """Return the side of a square grid ``[b, c, h, h]``; None for anything else, such as tokens or channels last."""
    if isinstance(value, Tensor) and value.ndim == 4 and value.shape[2] == value.shape[3]:
        return int(value.shape[3])
    return None
