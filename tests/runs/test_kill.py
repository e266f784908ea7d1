"""Workers as processes: killed at any moment, and several at once on one store."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eproxy_engine.cli import group
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work, work_on
from tests.runs.conftest import ROOT, Instant, configuration, lasting, launched, made_up, specification

WANTED = specification(12, proxy=configuration(iterations=6))
KILLED_AFTER = 3
"""Evaluations stored when the worker is killed; some milliseconds later, that is."""
MACHINE = ["seconds", "peak_bytes"]
"""Columns that tell of the machine, not of the architectures."""
MADE_UP = "tests.runs.made_up_command_line"
PATIENCE = 120.0


def started(*arguments: object, module: str = "eproxy_engine") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON object that a command prints."""
    out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    found: dict[str, Any] = json.loads(out)
    return found


def kill_once(store: Store, process: subprocess.Popen[str], run: Run, evaluations: int, delay: float) -> None:
    """Kill -9 the worker a moment after the run has so many evaluations."""
    deadline = time.monotonic() + PATIENCE
    while store.run(run.id).status != "running" or store.count_evaluations() < evaluations:
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(delay)
    process.kill()
    process.communicate()


def evaluations_of(store: Store) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.database.query("SELECT * FROM evaluations ORDER BY key")]


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.processes
def test_a_run_whose_worker_is_killed_ends_as_an_undisturbed_one(store: Store, tmp_path: Path) -> None:
    """With real trainings, by a worker as people run it, in two processes; and by one when it is resumed."""
    run = launched(store, WANTED)
    worker = started("work", "--store", store.path, "--workers", 2, "--linger", 0)
    kill_once(store, worker, run, KILLED_AFTER, random.uniform(0, 0.05))
    assert store.run(run.id).status == "interrupted"
    assert integrity(store.path) == "ok"
    before = evaluations_of(store)
    assert KILLED_AFTER <= len(before) < 12
    store.resume(run.id)
    command = ["runs", "resume", run.id, "--json", "--workers", "1", "--store", str(store.path)]
    resumed = json.loads(CliRunner().invoke(group, command, catch_exceptions=False).stdout)

    ended = store.run(run.id)
    assert (ended.status, ended.error) == ("finished", None)
    assert ended.progress["reused"] == len(before)
    assert ended.progress["done"] == ended.progress["total"] == 12
    after = evaluations_of(store)
    assert set(before) <= set(after)
    assert len({row[0] for row in after}) == len(after) == 12

    undisturbed = Store(tmp_path / "undisturbed.sqlite3")
    expected = work_on(undisturbed, Lease(undisturbed, launched(undisturbed, WANTED).id), Serial("cpu"))
    assert lasting(ended.result) == lasting(expected.result)
    rows, expected_rows = stored_rows(store, WANTED), stored_rows(undisturbed, WANTED)
    assert rows.drop(columns=MACHINE).equals(expected_rows.drop(columns=MACHINE))
    assert [row["losses"] for row in resumed["rows"]] == list(expected_rows["losses"])
    assert resumed["rho"] == expected.result["rho"]  # type: ignore[index]


@pytest.mark.processes
def test_several_workers_on_one_store_neither_repeat_nor_disturb_each_other(store: Store) -> None:
    """Two on the queue, and a third process on a run with the same architectures at the same time."""
    queued = [launched(store, specification(20)), launched(store, specification(20, seed=2))]
    aside = store.ask(launched(store, specification(30)).id, "pause")
    common = ("--json", "--workers", 1, "--store", store.path)
    workers = [started("work", "--linger", 0, *common, module=MADE_UP) for _ in range(2)]
    third = started("runs", "resume", aside.id, *common, module=MADE_UP)
    at_once = set()
    while any(process.poll() is None for process in (*workers, third)):
        running = frozenset(run.id for run in store.runs() if run.status == "running")
        at_once.add(running & {run.id for run in queued})
        time.sleep(0.02)
    assert sum(answer(worker)["runs"] for worker in workers) == 2
    assert max(map(len, at_once)) == 1
    assert answer(third)["n"] == 30
    assert [run.status for run in store.runs()] == ["finished"] * 3
    assert all(run.progress["done"] == run.progress["total"] for run in store.runs())
    asked_for = {e.key for run in store.runs() for e in run.specification.evaluations()}
    assert {row[0] for row in evaluations_of(store)} == asked_for
    assert integrity(store.path) == "ok"


# --- the queue, without a process of its own ---


class Counting(Instant):
    """Notices when two compute at once."""

    busy = 0
    most = 0

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        Counting.busy += 1
        Counting.most = max(Counting.most, Counting.busy)
        try:
            time.sleep(0.05)
            yield from super().run(evaluations)
        finally:
            Counting.busy -= 1


def test_a_second_worker_waits_for_its_turn(store: Store) -> None:
    for seed in range(6):
        launched(store, specification(4, seed=seed))
    counts: list[int] = []

    def working() -> None:
        with closing(Store(store.path)) as mine:
            counts.append(work(mine, Counting, 1.0, lambda line: None))

    threads = [threading.Thread(target=working) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(counts) == [0, 6]
    assert Counting.most == 1
    assert [run.status for run in store.runs()] == ["finished"] * 6


def test_the_oldest_is_worked_on_first(store: Store) -> None:
    runs = [launched(store, specification(2, seed=seed)) for seed in range(3)]
    said: list[str] = []
    assert work(store, Instant, 0, said.append) == 3
    assert said == [f"run {run.id}: finished" for run in runs]


def test_without_work_it_ends_after_lingering(store: Store) -> None:
    began = time.monotonic()
    assert work(store, Instant, 0.2, pytest.fail) == 0
    assert time.monotonic() - began >= 0.2


def test_work_that_comes_while_it_lingers_is_done(store: Store) -> None:
    late = threading.Timer(0.1, lambda: launched(Store(store.path), specification(2)))
    late.start()
    assert work(store, Instant, 2.0, lambda line: None) == 1
    late.join()


class Failing(Instant):
    """Fails on its first run."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        wanted = list(evaluations)
        if not self.computed:
            self.computed.append(wanted[0])
            raise UserError("the images are gone")
        for evaluation in wanted:
            yield evaluation, made_up(evaluation)


def test_a_run_that_fails_does_not_stop_the_queue(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    first, second = launched(store, specification(2)), launched(store, specification(2, seed=2))
    said: list[str] = []
    assert work(store, Failing, 0, said.append) == 2
    assert (store.run(first.id).status, store.run(first.id).error) == ("failed", "the images are gone")
    assert store.run(second.id).status == "finished"
    assert said[0] == f"run {first.id} failed: UserError: the images are gone"
    (logged,) = caplog.records
    assert (logged.name, logged.getMessage()) == ("eproxy_engine.runs.worker", f"run {first.id} failed")
    assert logged.exc_info is not None  # with its traceback, which nothing else keeps


def test_it_gives_up_instead_of_spinning_when_runs_cannot_even_be_claimed(store: Store) -> None:
    run = launched(store)
    store.database._connection.execute("PRAGMA query_only = ON")
    said: list[str] = []
    assert work(store, Instant, 1.0, said.append) == 0
    assert 1 <= len(said) < 10
    assert store.run(run.id).status == "queued"
