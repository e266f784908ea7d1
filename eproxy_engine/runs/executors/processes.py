"""Evaluations in a pool of processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from types import ModuleType

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.executors import named

NICENESS = 10
STANDARD_OUTPUT = 1
"""File descriptor."""
QUEUED_A_WORKER = 2
"""Evaluations queued for each process, so that the next one is there when the last is done."""
IMPORTED_ONCE = ["eproxy_engine.scoring.computing"]
"""Modules of every evaluation, which take seconds to import. They must not compute anything when imported: a copy of
the process would wait forever for the threads that OpenMP had started in it."""


class Processes:
    """Executor with a pool of processes on this machine, started by the first evaluation and kept."""

    def __init__(self, device: str, workers: int) -> None:
        if workers < 1:
            raise UserError(f"{workers} workers; accepted: 1 or more")
        self._device = device
        self._workers = workers
        self.place = named(device, workers)
        self._pool: ProcessPoolExecutor | None = None

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        waiting = iter(evaluations)
        running: dict[Future[Outcome], Evaluation] = {}
        try:
            while True:
                free = QUEUED_A_WORKER * self._workers - len(running)
                for evaluation in islice(waiting, free):
                    running[self._submit(evaluation)] = evaluation
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BrokenProcessPool as error:
            self.close()
            raise UserError("a computing process was killed from outside, perhaps for lack of memory") from error
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _submit(self, evaluation: Evaluation) -> Future[Outcome]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, context(), _prepare, (dict(os.environ),))
        with _without_main():
            return self._pool.submit(_evaluate, evaluation, self._device)


def context() -> BaseContext:
    """Return how to start processes: where safe, as copies of one that has imported everything and waits."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    copying = multiprocessing.get_context("forkserver")
    copying.set_forkserver_preload(IMPORTED_ONCE)
    interrupts = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # must not interrupt its imports
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, interrupts)
    return copying


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program's main module from processes that start within the block: they would carry it out again.

    A script that calls the engine needs no ``if __name__ == "__main__"`` then. The processes need nothing of it.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _prepare(environment: dict[str, str]) -> None:
    """Prepare a new process: lower its priority, leave interrupts to the parent, and end whenever the parent ends.

    Output of plug-ins and libraries goes to standard error, because standard output is for the parent's answer.
    ``environment``: the parent's, because the copied process may have been started in another one.
    """
    if sys.stderr is not None:  # None if the parent was started with it closed
        os.dup2(sys.stderr.fileno(), STANDARD_OUTPUT)
        sys.stdout = sys.stderr
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _evaluate(evaluation: Evaluation, device: str) -> Outcome:
    from eproxy_engine.scoring.computing import evaluate

    return evaluate(evaluation, device)
