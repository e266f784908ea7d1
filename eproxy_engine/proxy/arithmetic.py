"""How the same mathematics is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Arithmetic:
    """How to carry out the same mathematics; the defaults are the fast way on a CPU."""

    channels_last: bool = True
    frequencies: bool = True
    """Whether to apply large kernels of the heads in the frequency domain (on a CPU)."""
    threads: int = 1
    """One thread makes the floats independent of the machine's load and leaves the cores to other evaluations."""
    flush_denormals: bool = True
    fused_optimiser: bool = True
    last_update: bool = False
    """Whether to carry out the update after the last loss (as A.5 does), which changes no result."""


FAST = Arithmetic()
"""The fast way on a CPU."""
AS_WRITTEN = Arithmetic(channels_last=False, frequencies=False)
"""Networks as built, with their own layout and convolutions."""


@contextmanager
def carried_out(arithmetic: Arithmetic) -> Iterator[None]:
    """Apply the settings of ``arithmetic`` to this process within the block."""
    threads = torch.get_num_threads()
    torch.set_num_threads(arithmetic.threads)
    torch.set_flush_denormal(arithmetic.flush_denormals)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)
