"""How much memory something takes at its highest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

RESET = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")
FORGET_THE_PEAK = "5"
"""What Linux takes for: the highest resident size so far is the present one."""


@contextmanager
def peak_memory(device: str) -> Iterator[Callable[[], float | None]]:
    """Yields a function that says how many bytes the process (on ``cuda``: its tensors) has had at most since.

    It says None on systems other than Linux, where the peak of a process cannot be forgotten.
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
