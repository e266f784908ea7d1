"""The worker, which takes waiting runs from the store, oldest first, and carries them out."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing

from filelock import FileLock, Timeout

from eproxy_engine.home import data_directory
from eproxy_engine.installation import studio_folder
from eproxy_engine.runs.execution import execute
from eproxy_engine.runs.executors import Executor
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.store import Run, Store

LOG = logging.getLogger(__name__)
LINGER_SECONDS = 30.0
"""How long a worker without work waits for more before it ends."""
POLL_SECONDS = 0.5


def work_on(store: Store, lease: Lease, executor: Executor) -> Run:
    """Carry out a claimed run and return it. Raises whatever the run itself raises."""
    with lease:
        execute(store, lease, executor)
    return store.run(lease.run.id)


def work(store: Store, make_executor: Callable[[], Executor], linger: float, say: Callable[[str], None]) -> int:
    """Carry out all waiting runs, then wait for more.

    Only one process at a time works on the queue of a store; another one first waits ``linger`` seconds for its turn.

    Args:
        store: The store with the queue.
        make_executor: Makes the executor.
        linger: Seconds to wait for more runs.
        say: Called with a line for every run.

    Returns:
        The number of runs worked on.
    """
    lock = FileLock(store.path.with_name(store.path.name + ".worker.lock"), timeout=linger)
    try:
        with lock, closing(make_executor()) as executor:
            return _work_on_queue(store, executor, linger, say)
    except Timeout:
        return 0


def _work_on_queue(store: Store, executor: Executor, linger: float, say: Callable[[str], None]) -> int:
    count = 0
    idle_since = time.monotonic()
    while True:
        waiting = store.next_queued()
        if waiting is not None and _taken(store, waiting, executor, say):
            count += 1
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since >= linger:
            return count
        else:
            time.sleep(POLL_SECONDS)


def _taken(store: Store, run_id: str, executor: Executor, say: Callable[[str], None]) -> bool:
    """Work on a run and return whether it has left the queue; on a full disk, for example, it cannot be claimed."""
    try:
        say(f"run {run_id}: {work_on(store, Lease(store, run_id), executor).status}")
    except Exception as error:  # recorded in the run; the queue continues
        LOG.exception("run %s failed", run_id)
        say(f"run {run_id} failed: {type(error).__name__}: {error}")
    return store.next_queued() != run_id


def start_detached(store: Store) -> None:
    """Start a worker that outlives the calling process; its output goes to ``worker.log`` beside the store."""
    with open(store.path.with_name("worker.log"), "ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "eproxy_engine", "work", "--store", str(store.path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=studio_folder(),
            env={**os.environ, "EPROXY_HOME": str(data_directory())},
        )
