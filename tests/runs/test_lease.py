"""A worker's hold on a run: who gets it, how it ends, and that a replaced worker leaves no trace."""

from __future__ import annotations

import time

import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.runs import Store
from eproxy_engine.runs import lease as lease_module
from eproxy_engine.runs.lease import Lease, LetGo
from eproxy_engine.runs.liveness import worker_name
from eproxy_engine.runs.store import STATUSES
from tests.runs.conftest import launched, put_in


@pytest.mark.parametrize("status", ["queued", "interrupted"])
def test_a_waiting_run_is_claimed(store: Store, status: str) -> None:
    run = launched(store)
    put_in(store, run.id, status)
    lease = Lease(store, run.id)
    assert (lease.run.status, lease.run.worker) == ("running", worker_name())
    assert store.run(run.id).started == pytest.approx(time.time(), abs=20)


@pytest.mark.parametrize("status", sorted(set(STATUSES) - {"queued", "interrupted", "running"}))
def test_a_run_that_does_not_wait_is_not_claimed(store: Store, status: str) -> None:
    run = launched(store)
    put_in(store, run.id, status)
    with pytest.raises(UserError, match=f"run {run.id} is {status}; accepted: a run that is queued, interrupted"):
        Lease(store, run.id)
    assert store.run(run.id).status == status


def test_a_second_worker_is_refused_and_told_who_has_it(store: Store) -> None:
    run = launched(store)
    with Lease(store, run.id):
        with pytest.raises(UserError, match=f"run {run.id} is running by {worker_name()}"):
            Lease(Store(store.path), run.id)
        assert store.run(run.id).status == "running"


def test_an_unknown_run_is_not_claimed(store: Store) -> None:
    with pytest.raises(UserError, match="unknown run 'nix'"):
        Lease(store, "nix")


def test_it_ends_as_finished_with_what_was_reported(store: Store) -> None:
    run = launched(store)
    with Lease(store, run.id) as lease:
        lease.report({"done": 1}, final=True)
        lease.keep_result({"rho": 0.5})
    ended = store.run(run.id)
    assert (ended.status, ended.progress, ended.result, ended.error) == ("finished", {"done": 1}, {"rho": 0.5}, None)
    assert ended.finished == pytest.approx(time.time(), abs=20)


@pytest.mark.parametrize(("request_", "status"), [("pause", "paused"), ("stop", "stopped")])
def test_a_request_ends_it(store: Store, request_: str, status: str) -> None:
    run = launched(store)
    reached = []
    with Lease(store, run.id) as lease:
        lease.check()
        reached.append("before")
        store.ask(run.id, request_)
        lease.check()
        reached.append("after")
    ended = store.run(run.id)
    assert reached == ["before"]
    assert (ended.status, ended.request, ended.error) == (status, None, None)


def test_a_failure_is_recorded_in_one_line_and_goes_on(store: Store) -> None:
    run = launched(store)
    with pytest.raises(ValueError, match="first"), Lease(store, run.id):
        raise ValueError("first line\n  second line")
    assert (store.run(run.id).status, store.run(run.id).error) == ("failed", "first line second line")


def test_a_failure_without_words_has_its_name(store: Store) -> None:
    run = launched(store)
    with pytest.raises(MemoryError), Lease(store, run.id):
        raise MemoryError
    assert store.run(run.id).error == "MemoryError"


def test_an_interrupt_stops_it(store: Store) -> None:
    run = launched(store)
    with pytest.raises(KeyboardInterrupt), Lease(store, run.id):
        raise KeyboardInterrupt
    assert (store.run(run.id).status, store.run(run.id).error) == ("stopped", None)


def test_a_resumed_run_keeps_when_it_first_started(store: Store) -> None:
    run = launched(store)
    with Lease(store, run.id) as lease:
        raise LetGo("paused")
    first = store.run(run.id).started
    store.resume(run.id)
    time.sleep(0.01)
    assert Lease(store, run.id).run.started == lease.run.started == first


@pytest.mark.parametrize(
    "change", ["worker = 'elsewhere:1:1'", "status = 'stopped'", "status = 'queued', worker = NULL"]
)
@pytest.mark.parametrize("way", ["lets go", "finishes", "fails"])
def test_a_worker_taken_for_dead_leaves_the_run_alone(store: Store, change: str, way: str) -> None:
    run = launched(store)

    def row() -> dict[str, object]:
        found = dict(store.database.query("SELECT * FROM runs")[0])
        return {key: value for key, value in found.items() if key != "heartbeat"}

    lease = Lease(store, run.id)
    store.database.change(f"UPDATE runs SET {change}")
    before = row()
    try:
        with lease:
            lease.report({"done": 99}, final=True)
            lease.keep_result({"rho": 99})
            if way == "lets go":
                lease.check()
                pytest.fail("the worker went on")
            if way == "fails":
                raise OSError("gone wrong")
    except OSError:
        assert way == "fails"
    assert row() == before


def test_a_deleted_run_is_let_go(store: Store) -> None:
    run = launched(store)
    lease = Lease(store, run.id)
    store.database.change("DELETE FROM runs")
    with pytest.raises(LetGo) as caught:
        lease.check()
    assert caught.value.status is None


def test_reports_are_few_but_the_last_is_shown(store: Store) -> None:
    run = launched(store)
    with Lease(store, run.id) as lease:
        for done in range(100):
            lease.report({"done": done})
        assert store.run(run.id).progress == {"done": 0}
        lease.report({"done": 100}, final=True)
    assert store.run(run.id).progress == {"done": 100}


def test_it_shows_signs_of_life_until_it_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_module, "BEAT_SECONDS", 0.02)

    def heartbeat() -> float:
        return float(store.database.query("SELECT heartbeat FROM runs")[0][0])

    run = launched(store)
    with Lease(store, run.id):
        first = heartbeat()
        ends = time.monotonic() + 20
        while heartbeat() <= first and time.monotonic() < ends:
            time.sleep(0.01)
        assert heartbeat() > first
    last = heartbeat()
    time.sleep(0.1)
    assert heartbeat() == last
