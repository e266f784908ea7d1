"""What launching again what is there leads to, and what a waiting or resumed run says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from app.shell.launching import queue
from app.shell.progress import _sentence, _waiting
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.runs import Store, bundled
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from tests.runs.conftest import Instant, finished, specification
from tests.runs.kinds.evaluation.test_plan import Asking


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    with closing(Store(tmp_path / "store.sqlite3")) as opened:
        yield opened


def test_an_equal_run_is_opened_while_it_waits_and_when_it_is_finished(store: Store, worker: Mock) -> None:
    (first,) = queue(store, specification(3))
    assert [run.id for run in queue(store, specification(3))] == [first.id]
    assert worker.call_count == 1
    work_on(store, Lease(store, first.id), Instant())
    again, other = queue(store, specification(3), specification(4))
    assert (again.id, other.id != first.id) == (first.id, True)
    assert len(store.runs()) == 2
    store.ask(other.id, "stop")
    assert queue(store, specification(4))[0].id != other.id, "a stopped run will have no result"


def test_a_run_that_ships_is_shown_and_not_computed_again(store: Store, worker: Mock) -> None:
    bundled.add_samples(store)
    for shipped in store.runs():
        assert queue(store, shipped.specification)[0].specification == shipped.specification
    assert (worker.call_count, {run.origin for run in store.runs()}) == (0, {"sample"})


def test_a_run_from_before_an_import_is_no_equal_one(store: Store, worker: Mock) -> None:
    run = finished(store, specification(3), Instant())
    cell = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
    csv_file.check("nasbench201", f"architecture,mine\n{cell},90\n".encode(), "mine.csv").keep()
    assert queue(store, specification(3))[0].id != run.id


def test_a_waiting_run_says_behind_which(store: Store, worker: Mock) -> None:
    first, second, third = queue(store, specification(3), specification(4), specification(5))
    assert _waiting(store, first) == "Waiting for the worker to start …"
    with Lease(store, first.id):
        assert _waiting(store, second).startswith("Second in the queue, behind “NAS\\-Bench\\-201\\, cifar10\\: 3 arch")
        assert _waiting(store, third).startswith("Third in the queue, behind “NAS\\-Bench\\-201\\, cifar10\\: 4 arch")


def test_a_resumed_runs_own_work_is_not_from_earlier_runs(store: Store) -> None:
    finished(store, specification(3), Instant())
    run = store.create(specification(10))
    paused = work_on(store, Lease(store, run.id), Asking(store, "pause", 2))
    assert "of 10 evaluations (3 from earlier runs)" in _sentence(paused)
    store.resume(run.id)
    again = work_on(store, Lease(store, run.id), Asking(store, "pause", 1))
    assert again.progress["reused"] > 3
    assert "(3 from earlier runs)" in _sentence(again)
