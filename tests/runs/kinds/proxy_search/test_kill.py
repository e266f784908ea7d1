"""A search whose worker, a process of its own, is killed at random points ends as an undisturbed one."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from eproxy_engine.proxy import PRESETS
from eproxy_engine.runs import Store
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from tests.runs.conftest import Instant, configuration, finished_dps, proxy_search_specification, untimed
from tests.runs.test_kill import MADE_UP, integrity, kill_once, started

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("tiny_space")]
SEARCH, ALL = 48, 78
"""Evaluations of all eight trials; and with those of two proxies on fifteen held-out architectures."""
LEFT = 18
"""So many are left at least when a worker is to be killed: on a busy machine it gets on before that happens."""


def test_a_search_that_is_killed_again_and_again_ends_as_an_undisturbed_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First anywhere in the search; then further on or while judging."""
    monkeypatch.setitem(PRESETS, "laptop", configuration())
    wanted = proxy_search_specification(held_out=15, in_flight=3)
    with closing(Store(tmp_path / "undisturbed.sqlite3")) as undisturbed:
        expected = finished_dps(undisturbed, wanted)
        history, total = undisturbed.history(expected.id), undisturbed.count_evaluations()
    assert SEARCH < total <= ALL

    rng = random.Random()
    run = store.create(wanted)
    first = rng.randrange(SEARCH)
    points = (first, rng.randrange(first, total - LEFT) + 1)
    for evaluations in points:
        worker = started("work", "--linger", 0, "--store", store.path, module=MADE_UP)
        kill_once(store, worker, run, evaluations, rng.uniform(0, 0.02))
        killed = store.run(run.id)
        assert killed.status == "interrupted", f"killed at {points}"
        assert integrity(store.path) == "ok"
        kept = store.history(run.id)
        assert kept == history[: len(kept)], f"killed at {points}"
        assert evaluations <= store.count_evaluations() < total
        store.resume(run.id)
    stored = store.count_evaluations()
    ended = work_on(store, Lease(store, run.id), Instant())

    assert (ended.status, ended.error, ended.progress["reused"]) == ("finished", None, stored)
    assert store.history(run.id) == history, f"killed at {points}"
    assert untimed(ended.result) == untimed(expected.result)
    assert untimed(ended.result) != ended.result
    assert store.count_evaluations() == total
