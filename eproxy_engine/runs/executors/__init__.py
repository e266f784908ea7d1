"""Executors: where evaluations are computed. The choice never changes a result, only the time it takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import glob
from typing import Protocol

from eproxy_engine.proxy import Evaluation, Outcome

GPUS = ("/dev/nvidia*", "/dev/nvhost*", "/dev/dxg", "/dev/kfd")
"""Device files of GPUs that torch can use as ``cuda``: NVIDIA, Jetson, Linux on Windows (WSL), AMD."""


class Executor(Protocol):
    """Computes evaluations."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        """Compute evaluations.

        Args:
            evaluations: Drawn from as places become free, so closing the iterator loses only what is being computed.
                It may yield more after it was exhausted: it is asked again with every outcome.

        Yields:
            Outcomes as they finish, in any order.
        """

    def close(self) -> None:
        """Release processes and memory."""


def place_of(executor: Executor) -> str | None:
    """Return where an executor computes, such as ``CPU, 2 processes``; None if it does not say."""
    return getattr(executor, "place", None)


def named(device: str, processes: int = 1) -> str:
    """Return the words for a device and a number of processes on it.

    >>> named("cpu", 2), named("cuda")
    ('CPU, 2 processes', 'GPU')
    """
    name = {"cpu": "CPU", "cuda": "GPU"}.get(device, device)
    return f"{name}, {processes} processes" if processes > 1 else name


@dataclass(frozen=True)
class Cluster:
    """The machines of a Ray cluster, as workers."""

    address: str
    """``auto`` (the one that this machine belongs to), ``HOST:PORT`` or ``ray://HOST:PORT``."""
    at_once: int | None = None
    """Maximum number of concurrent evaluations; None for as many as keep the cluster busy."""
    gpu_share: float = 0.25
    """Share of a GPU for an evaluation."""


Workers = int | Cluster | None
"""Number of processes on this machine (None for the best number), or a cluster."""


def make(device: str = "auto", workers: Workers = None) -> Executor:
    """Make an executor.

    On a CPU it uses one single-threaded process per core, or ``workers`` processes; with one worker, this process
    alone. On a GPU, unless ``workers`` is given, this process alone trains similar evaluations together.

    Args:
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, or a cluster.

    Raises:
        UserError: If the device is missing or a value is not accepted.
    """
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
    """Return ``cuda`` or ``cpu``, importing torch, which takes seconds, only if there may be a GPU."""
    if device == "cpu" or (device == "auto" and not any(glob(pattern) for pattern in GPUS)):
        return "cpu"
    from eproxy_engine.proxy.device import resolve_device

    return resolve_device(device)


def cores() -> int:
    """Return the number of processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
