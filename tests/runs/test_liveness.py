"""Who counts as a living worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

from eproxy_engine.runs.liveness import BEAT_SECONDS, STALE_SECONDS, is_alive, worker_name


def named(process: int, started: float, host: str | None = None) -> str:
    return f"{host or socket.gethostname()}:{process}:{round(started)}"


def test_this_process_lives() -> None:
    assert is_alive(worker_name(), time.time())


def test_a_heartbeat_may_be_late_but_not_stale() -> None:
    assert 3 * BEAT_SECONDS < STALE_SECONDS
    assert is_alive(worker_name(), time.time() - STALE_SECONDS + 5)
    assert not is_alive(worker_name(), time.time() - STALE_SECONDS - 1)


@pytest.mark.parametrize(("worker", "heartbeat"), [(None, 1e12), ("here:1:1", None), (None, None)])
def test_without_a_worker_or_heartbeat_nobody_lives(worker: str | None, heartbeat: float | None) -> None:
    assert not is_alive(worker, heartbeat)


@pytest.mark.processes
def test_a_process_that_has_ended_is_dead() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = named(process.pid, psutil.Process(process.pid).create_time())
        assert is_alive(name, time.time())
    assert not is_alive(name, time.time())


def test_a_process_number_used_again_is_dead() -> None:
    started = psutil.Process().create_time()
    assert is_alive(named(os.getpid(), started), time.time())
    assert not is_alive(named(os.getpid(), started - 100), time.time())


@pytest.mark.processes
def test_a_zombie_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    found = psutil.Process(process.pid)
    name = named(process.pid, found.create_time())
    process.kill()
    for _ in range(1000):
        if found.status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.01)
    assert found.status() == psutil.STATUS_ZOMBIE
    assert not is_alive(name, time.time())
    process.communicate()


def test_on_another_host_the_heartbeat_alone_tells() -> None:
    elsewhere = named(os.getpid(), 1.0, host="another-host")
    assert is_alive(elsewhere, time.time())
    assert not is_alive(elsewhere, time.time() - STALE_SECONDS - 1)
