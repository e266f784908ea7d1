"""Networks in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def in_double_precision(network: nn.Module) -> Iterator[None]:
    """Compute in double precision within the block, on copies of parameters and buffers, which may be changed."""
    floats = [each for each in (*network.parameters(), *network.buffers()) if each.is_floating_point()]
    kept = [each.data for each in floats]
    for each in floats:
        each.data = each.data.to(torch.float64, copy=True)
    try:
        yield
    finally:
        for each, values in zip(floats, kept, strict=True):
            each.data = values
