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
    """Return the seed of one purpose's random numbers, so that other choices in a configuration do not shift them."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:7])


def initialise(module: nn.Module, scheme: str) -> None:
    """Redraw convolution and linear weights from torch's global generator; ``default`` keeps them."""
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
    """Start torch's CPU generator from the stream's seed within the block, and restore it afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(stream(seed, purpose))
        yield
