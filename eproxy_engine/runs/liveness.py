"""The worker of a run, and whether its process is alive."""

from __future__ import annotations

import os
import socket
import time

import psutil

BEAT_SECONDS = 2.0
STALE_SECONDS = 20.0
"""Age of the last heartbeat at which a worker is presumed dead."""


def worker_name() -> str:
    """Return ``host:process:started`` of this process; the start distinguishes processes with the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(psutil.Process())}"


def is_alive(worker: str | None, heartbeat: float | None) -> bool:
    """Return whether a worker is alive, judging by its last heartbeat and, on this machine, its process."""
    if worker is None or heartbeat is None or time.time() - heartbeat > STALE_SECONDS:
        return False
    host, process, started = worker.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        found = psutil.Process(int(process))
        return _started(found) == int(started) and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _started(process: psutil.Process) -> int:
    return round(process.create_time())
