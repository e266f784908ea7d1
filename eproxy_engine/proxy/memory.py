"""Measuring peak memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

RESET = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")
FORGET_THE_PEAK = "5"
"""Value that tells Linux to reset the peak resident size to the current one."""


@contextmanager
def peak_memory(device: str) -> Iterator[Callable[[], float | None]]:
    """Yield a function that returns the peak memory in bytes of the process (on ``cuda``, of its tensors) since now.

    It returns None on systems other than Linux, where the peak of a process cannot be reset.
    """
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        yield torch.cuda.max_memory_allocated
        return
    try:
        RESET.write_text(FORGET_THE_PEAK, "utf-8")
    except OSError:
        yield lambda: None
    else:
        yield _highest_resident_bytes


def _highest_resident_bytes() -> float:
    line = next(line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024.0
