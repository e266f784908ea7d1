"""A search whose worker, a process as people start it, is killed at random points ends as an undisturbed one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from eproxy_engine.proxy import PRESETS
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from tests.runs.conftest import ROOT, configuration, dps_specification, finished_dps, untimed
from tests.runs.test_kill import PATIENCE, integrity

pytestmark = pytest.mark.usefixtures("tiny_space")
WORKER = """
from eproxy_engine.cli import main
from eproxy_engine.proxy import PRESETS
from eproxy_engine.search.proxy_spaces import PROXY_SPACES
from tests.runs.conftest import TINY, configuration
PROXY_SPACES["tiny"] = TINY
PRESETS["laptop"] = configuration()
main()
"""
"""The command line, with configurations that cost little to train."""
SEARCH, ALL = 48, 78
"""Evaluations of all eight trials; and with those of two proxies on fifteen held-out architectures."""
LEFT = 18
"""So many are left at least when a worker is to be killed: on a busy machine it gets on before that happens."""


def started(store: Store, workers: int) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-c",
        WORKER,
        "work",
        "--linger",
        "0",
        "--workers",
        str(workers),
        "--store",
        str(store.path),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_once(store: Store, run: Run, evaluations: int, delay: float, workers: int) -> None:
    """Kill -9 a worker a moment after the run has so many evaluations."""
    process = started(store, workers)
    deadline = time.monotonic() + PATIENCE
    while store.run(run.id).status != "running" or store.count_evaluations() < evaluations:
        assert process.poll() is None, f"the worker ended by itself: {process.communicate()[1]}"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(delay)
    process.kill()
    process.communicate()


def test_a_search_that_is_killed_again_and_again_ends_as_an_undisturbed_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First anywhere in the search, by one process alone; then further on or while judging, by two."""
    monkeypatch.setitem(PRESETS, "laptop", configuration())
    wanted = dps_specification(held_out=15)
    with closing(Store(tmp_path / "undisturbed.sqlite3")) as undisturbed:
        expected = finished_dps(undisturbed, wanted, Serial("cpu"))
        history, total = undisturbed.history(expected.id), undisturbed.count_evaluations()
    assert SEARCH < total <= ALL

    rng = random.Random()
    run = store.create(wanted)
    first = rng.randrange(SEARCH)
    points = (first, rng.randrange(first, total - LEFT) + 1)
    for workers, evaluations in enumerate(points, 1):
        kill_once(store, run, evaluations, rng.uniform(0, 0.02), workers)
        killed = store.run(run.id)
        assert killed.status == "interrupted", f"killed at {points}"
        assert integrity(store.path) == "ok"
        kept = store.history(run.id)
        assert kept == history[: len(kept)], f"killed at {points}"
        assert evaluations <= store.count_evaluations() < total
        store.resume(run.id)
    stored = store.count_evaluations()
    ended = work_on(store, Lease(store, run.id), Serial("cpu"))

    assert (ended.status, ended.error, ended.progress["reused"]) == ("finished", None, stored)
    assert store.history(run.id) == history, f"killed at {points}"
    assert untimed(ended.result) == untimed(expected.result)
    assert untimed(ended.result) != ended.result
    assert store.count_evaluations() == total
