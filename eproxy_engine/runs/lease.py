"""Lease of a worker on one run: claiming it, sending heartbeats, reporting, and releasing it.

Every write names the worker, so one that was presumed dead and replaced cannot disturb its successor.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from typing import Any

from eproxy_engine.errors import UserError
from eproxy_engine.runs.liveness import BEAT_SECONDS, worker_name
from eproxy_engine.runs.store import WAITING, Run, Store

REPORT_SECONDS = 0.5


class LetGo(Exception):
    """Signal to stop working on the run: ``status`` is its new status, None if another worker has it."""

    def __init__(self, status: str | None) -> None:
        super().__init__(status)
        self.status = status


class Lease:
    """Context manager that holds a run; leaving it ends the run as finished, paused, stopped or failed.

    It suppresses LetGo and records any other exception as the run's failure before passing it on.
    """

    def __init__(self, store: Store, run_id: str, takes: tuple[str, ...] = WAITING) -> None:
        """Claim the run. Raises UserError if its status is not one of ``takes``."""
        self._store = store
        self._worker = worker_name()
        self._ended = threading.Event()
        self._reported = 0.0
        self.run = self._claim(run_id, takes)
        self._beating = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Lease:
        self._beating.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self._ended.set()
        self._beating.join()
        if error is None:
            self._end("finished")
        elif isinstance(error, LetGo):
            self._end(error.status)
        elif isinstance(error, KeyboardInterrupt):
            self._end("stopped")
        else:
            self._end("failed", " ".join(str(error).split()) or type(error).__name__)
        return isinstance(error, LetGo)

    def check(self) -> None:
        """Raise LetGo if a pause or stop was requested, or if the run no longer belongs to this worker."""
        rows = self._store.database.query(
            "SELECT request FROM runs WHERE id = ? AND worker = ? AND status = 'running'", (self.run.id, self._worker)
        )
        if not rows:
            raise LetGo(None)
        if rows[0]["request"] is not None:
            raise LetGo({"pause": "paused", "stop": "stopped"}[rows[0]["request"]])

    def report(self, progress: dict[str, Any], final: bool = False) -> None:
        """Store the run's progress, at most twice a second unless ``final``."""
        if final or time.monotonic() - self._reported > REPORT_SECONDS:
            self._reported = time.monotonic()
            self._write("progress = ?", json.dumps(progress))

    def keep_result(self, result: dict[str, Any] | None) -> None:
        """Store the run's result."""
        self._write("result = ?", json.dumps(result))

    def describe(self, device: str | None, stored_bytes: int) -> None:
        """Store where the run was computed, if anything was, and the size of its evaluations."""
        self._write("device = coalesce(?, device), bytes = ?", device, stored_bytes)

    def _claim(self, run_id: str, takes: tuple[str, ...]) -> Run:
        with self._store.database.transaction():
            run = self._store.run(run_id)
            if run.status not in takes:
                by = f" by {run.worker}" if run.status == "running" else ""
                raise UserError(f"run {run_id} is {run.status}{by}; accepted: a run that is {', '.join(takes)}")
            self._store.database.change(
                "UPDATE runs SET status = 'running', request = NULL, error = NULL, worker = ?, heartbeat = ?, "
                "started = coalesce(started, ?) WHERE id = ?",
                (self._worker, time.time(), time.time(), run_id),
            )
        return self._store.run(run_id)

    def _end(self, status: str | None, error: str | None = None) -> None:
        if status is not None:
            self._write("status = ?, error = ?, request = NULL, finished = ?", status, error, time.time())

    def _write(self, assignments: str, *values: object) -> None:
        self._store.database.change(
            f"UPDATE runs SET {assignments} WHERE id = ? AND worker = ? AND status = 'running'",
            (*values, self.run.id, self._worker),
        )

    def _beat(self) -> None:
        store = Store(self._store.path)
        while not self._ended.wait(BEAT_SECONDS):
            with suppress(UserError):  # such as a full disk: the run itself meets and reports it
                store.database.change(
                    "UPDATE runs SET heartbeat = ? WHERE id = ? AND worker = ?",
                    (time.time(), self.run.id, self._worker),
                )
        store.close()
