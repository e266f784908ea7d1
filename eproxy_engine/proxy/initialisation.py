"""Initial weights (§2.2, item 3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

INITIALISERS: dict[str, Callable[[Tensor], Tensor]] = {
    "kaiming_normal": nn.init.kaiming_normal_,
    "kaiming_uniform": nn.init.kaiming_uniform_,
    "xavier_normal": nn.init.xavier_normal_,
    "xavier_uniform": nn.init.xavier_uniform_,
}


def stream(seed: int, purpose: str) -> int:
    """The seed of one purpose's random numbers, so that no choice elsewhere in a configuration shifts them."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:7])


def initialise(module: nn.Module, scheme: str) -> None:
    """Draw convolution and linear weights anew from torch's global generator; ``default`` keeps what there is."""
    if scheme == "default":
        return
    draw = INITIALISERS[scheme]
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            draw(part.weight)
            if part.bias is not None:
                nn.init.zeros_(part.bias)


@contextmanager
def seeded(seed: int, purpose: str) -> Iterator[None]:
    """Within it, torch's CPU generator starts from the stream's seed; afterwards it is as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(stream(seed, purpose))
        yield
