"""Where evaluations are computed. Choosing an executor never changes a result, only the time it takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

from eproxy_engine.proxy import Evaluation, Outcome


class Executor(Protocol):
    """Computes evaluations."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        """Outcomes as they are finished, in any order. ``evaluations`` is drawn from as places come free, so
        closing the iterator loses only what is being computed."""

    def close(self) -> None:
        """Give processes and memory back."""


def make(device: str = "auto", workers: int | None = None) -> Executor:
    """One single-threaded process a core on a CPU (``workers`` of them, if given), this process alone on a GPU or for
    one worker. Raises UserError for a device that is not there."""
    from eproxy_engine.proxy.training import resolve_device
    from eproxy_engine.runs.executors.processes import Processes
    from eproxy_engine.runs.executors.serial import Serial

    place = resolve_device(device)
    if workers is None:
        workers = 1 if place == "cuda" else cores()
    return Serial(place) if workers == 1 else Processes(place, workers)


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
