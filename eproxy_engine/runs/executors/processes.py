"""Evaluations in a pool of spawned processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome

NICENESS = 10
QUEUED_A_WORKER = 2
"""Evaluations handed out for each process: the next one is there when the last is done."""


class Processes:
    """See :class:`eproxy_engine.runs.executors.Executor`. The pool is started by the first evaluation and kept."""

    def __init__(self, device: str, workers: int) -> None:
        if workers < 1:
            raise UserError(f"{workers} workers; accepted: 1 or more")
        self._device = device
        self._workers = workers
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
            raise UserError("a computing process was ended from outside, perhaps for lack of memory") from error
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _submit(self, evaluation: Evaluation) -> Future[Outcome]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=_prepare)
        return self._pool.submit(_evaluate, evaluation, self._device)


def _prepare() -> None:
    """In each process: let the dashboard go first, leave interrupts to the parent, and end when it does, however."""
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
