"""Where evaluations are computed. Choosing an executor never changes a result, only the time it takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import glob
from typing import Protocol

from eproxy_engine.proxy import Evaluation, Outcome

GPUS = ("/dev/nvidia*", "/dev/nvhost*", "/dev/dxg", "/dev/kfd")
"""What the drivers of GPUs make that torch can use as ``cuda``: NVIDIA's, Jetson's, Windows' below Linux, AMD's."""


class Executor(Protocol):
    """Computes evaluations."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        """Outcomes as they are finished, in any order. ``evaluations`` is drawn from as places come free, so
        closing the iterator loses only what is being computed; with every outcome it may have some again, after it had
        none."""

    def close(self) -> None:
        """Give processes and memory back."""


@dataclass(frozen=True)
class Cluster:
    """The machines of a Ray cluster, as workers."""

    address: str
    """``auto`` (the one that this machine belongs to), ``HOST:PORT`` or ``ray://HOST:PORT``."""
    at_once: int | None = None
    """Evaluations under way at the same time; None: as many as keep it busy."""
    gpu_share: float = 0.25
    """Part of a GPU that an evaluation takes."""


Workers = int | Cluster | None
"""Processes of this machine (None: as many as it is good for), or a cluster."""


def make(device: str = "auto", workers: Workers = None) -> Executor:
    """One single-threaded process a core on a CPU (``workers`` of them, if given), this process alone on a GPU, which
    trains what is alike together, or for one worker; or a cluster. Raises UserError for a device that is not there."""
    if isinstance(workers, Cluster):
        from eproxy_engine.runs.executors.ray_cluster import RayCluster

        return RayCluster(workers, device)
    place = _resolved(device)
    if place == "cuda" and workers is None:
        from eproxy_engine.runs.executors.together import Together

        return Together(place)
    count = cores() if workers is None else workers
    if count == 1:
        from eproxy_engine.runs.executors.serial import Serial

        return Serial(place)
    from eproxy_engine.runs.executors.processes import Processes

    return Processes(place, count)


def _resolved(device: str) -> str:
    """``cuda`` or ``cpu``; torch, which takes seconds to import, is asked only where there may be a choice."""
    if device == "cpu" or (device == "auto" and not any(glob(pattern) for pattern in GPUS)):
        return "cpu"
    from eproxy_engine.proxy.training import resolve_device

    return resolve_device(device)


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
