"""Runs in the foreground, with a progress bar on standard error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eproxy_engine.errors import UserError
from eproxy_engine.runs.executors import Executor
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import RESUMABLE, Run, Store
from eproxy_engine.runs.worker import work_on

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def carried_out_here(store: Store, specification: Specification, executor: Executor, progress: bool = True) -> Run:
    """Create a run and work on it here until it ends. Raises UserError unless it finishes."""
    run = store.create(specification, status="paused")  # so that no worker takes it
    return carry_out(store, run.id, executor, progress)


def carry_out(store: Store, run_id: str, executor: Executor, progress: bool = True) -> Run:
    """Work on a run here until it ends. Raises UserError unless it finishes."""
    lease = Lease(store, run_id, takes=("queued", *RESUMABLE))
    with _watched(store, run_id) if progress else nullcontext():
        run = work_on(store, lease, executor)
    if run.status != "finished":
        raise UserError(f"run {run_id} is {run.status}; `python -m eproxy_engine runs resume {run_id}` continues it")
    return run


@contextmanager
def counting(what: str, total: int, progress: bool = True) -> Iterator[Callable[[], None]]:
    """Show a progress bar on standard error within the block, which calls what it is given after each step."""
    if not progress:
        yield lambda: None
        return
    with Progress(*COLUMNS, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


class _watched:
    """Context in which a thread shows the progress that the run writes to the store."""

    def __init__(self, store: Store, run_id: str) -> None:
        self._store_path, self._run_id = store.path, run_id
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        store = Store(self._store_path)
        with Progress(*COLUMNS, console=Console(stderr=True)) as bar, closing(store):
            task = bar.add_task(f"run {self._run_id}", total=None)
            while True:
                ended = self._ended.wait(0.5)
                progress = store.run(self._run_id).progress
                bar.update(task, completed=progress.get("done", 0), total=progress.get("total"))
                if ended:
                    return
