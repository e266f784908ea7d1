"""The memory of a dashboard whose pages follow a run for a long time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from eproxy_engine.runs import Store
from eproxy_engine.runs.liveness import worker_name
from tests.browser.conftest import FLAGS, serve
from tests.browser.install_chromium import system_chromium
from tests.load.processes import serving

FOLLOWED = ("runs", "proxy_search")


def growing(home: Path, minutes: int) -> Iterator[tuple[int, float]]:
    """Each minute, how many pages' updates there were, and the resident megabytes of a dashboard on ``home``.

    A search that seems to go on is followed on the Runs page and on its own; this process stands for its worker.
    """
    with contextmanager(serve)(home) as dashboard, sync_playwright() as playwright, _going_on(home) as (run_id, step):
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        updates = 0

        def count(payload: object) -> None:
            nonlocal updates
            updates += 1

        for page_name in FOLLOWED:
            page = browser.new_page()
            page.on("websocket", lambda socket: socket.on("framesent", count))
            page.goto(f"{dashboard.url}/{page_name}?run={run_id}")
        process = serving(dashboard.url)
        for _ in range(minutes):
            for _ in range(60):
                step()
                page.wait_for_timeout(1000)
            yield updates, process.memory_info().rss / 1e6
        browser.close()


@contextmanager
def _going_on(home: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The id of a search that runs, and a function that makes it go on."""
    store = Store(home / "store.sqlite3")
    like = next(run for run in store.runs() if run.kind == "dps" and run.status == "finished")
    trials, done = store.history(like.id), 0
    run = store.create(like.specification, status="running")

    def step() -> None:
        nonlocal done
        progress = {"done": done, "total": 4000, "reused": 0, "seconds_left": 1000.0}
        store.extend_history(run.id, done % len(trials), [trials[done % len(trials)]])
        store.database.change(
            "UPDATE runs SET progress = ?, worker = ?, heartbeat = ? WHERE id = ?",
            (json.dumps(progress), worker_name(), time.time(), run.id),
        )
        done += 1

    try:
        step()
        yield run.id, step
    finally:
        store.database.change("UPDATE runs SET status = 'stopped' WHERE id = ?", (run.id,))
        store.delete(run.id)
