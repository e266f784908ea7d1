"""Memory of a program: buffers that live at different times share their place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

ALIGNED = 64
"""Bytes to whose multiples the place of every buffer is aligned."""
KEPT_BYTES = 2**30
"""Largest memory that is kept for the next program."""


@dataclass
class Buffer:
    """Memory that holds something from one step to another."""

    bytes: int
    first: int
    """First step that writes it."""
    last: int
    """Last step that reads or writes it."""
    offset: int = 0
    """Where it lies."""

    def needed_at(self, step: int) -> None:
        """Keep it at least for this step, too."""
        self.first, self.last = min(self.first, step), max(self.last, step)


def place(buffers: Sequence[Buffer]) -> int:
    """Give each buffer an offset such that none share memory while both live; return the bytes of all together."""
    total, holes = 0, list[tuple[int, int]]()  # free ranges: offset and size, by offset
    ending = sorted(buffers, key=lambda buffer: buffer.last)
    ended = 0
    for buffer in sorted(buffers, key=lambda buffer: buffer.first):
        while ending[ended].last < buffer.first:
            _release(holes, ending[ended].offset, _rounded(ending[ended].bytes))
            ended += 1
        size = _rounded(buffer.bytes)
        fitting = [index for index, (_, free) in enumerate(holes) if free >= size]
        if fitting:
            index = min(fitting, key=lambda each: holes[each][1])
            offset, free = holes.pop(index)
            if free > size:
                holes.insert(index, (offset + size, free - size))
        elif holes and sum(holes[-1]) == total:  # grow the last hole
            offset, _ = holes.pop()
            total = offset + size
        else:
            offset, total = total, total + size
        buffer.offset = offset
    return total


def _rounded(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED


def _release(holes: list[tuple[int, int]], offset: int, size: int) -> None:
    """Add a free range, and merge it with its neighbours."""
    index = bisect_left(holes, (offset, 0))
    if index < len(holes) and holes[index][0] == offset + size:
        size += holes.pop(index)[1]
    if index and sum(holes[index - 1]) == offset:
        index -= 1
        offset, before = holes.pop(index)
        size += before
    holes.insert(index, (offset, size))


_kept: list[np.ndarray] = []
"""Memory of programs that ended: taking it again is much faster than asking the system for as much."""


@contextmanager
def borrowed(size: int) -> Iterator[np.ndarray]:
    """Yield aligned memory of ``size`` bytes with any content, for one thread alone."""
    try:
        memory = _kept.pop()
    except IndexError:
        memory = np.empty(0, np.uint8)
    if memory.nbytes < size + ALIGNED:
        memory = np.empty(size + ALIGNED, np.uint8)
    start = -memory.ctypes.data % ALIGNED
    try:
        yield memory[start : start + size]
    finally:
        if memory.nbytes <= KEPT_BYTES:
            _kept.append(memory)
