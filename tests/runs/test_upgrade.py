"""Stores that an earlier version wrote."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from eproxy_engine.runs import Store
from eproxy_engine.runs.labels import Labels
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from tests.runs.conftest import Instant, finished_dps, made_up, proxy_search_specification, specification

pytestmark = pytest.mark.usefixtures("tiny_space")

SCHEMA_1 = """
CREATE TABLE runs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, specification TEXT NOT NULL, origin TEXT NOT NULL,
    status TEXT NOT NULL, request TEXT, progress TEXT NOT NULL DEFAULT '{}', result TEXT, error TEXT, worker TEXT,
    heartbeat REAL, created REAL NOT NULL, started REAL, finished REAL);
CREATE INDEX runs_by_status ON runs (status, created);
CREATE TABLE samples_added (name TEXT PRIMARY KEY);
CREATE TABLE evaluations (key TEXT PRIMARY KEY, space TEXT NOT NULL, architecture TEXT NOT NULL,
    configuration TEXT NOT NULL, images TEXT NOT NULL, seed INTEGER NOT NULL, branches INTEGER NOT NULL,
    losses BLOB NOT NULL, seconds REAL NOT NULL, created REAL NOT NULL) WITHOUT ROWID;
PRAGMA application_id = 0x45507278;
PRAGMA user_version = 1;
"""


SCHEMA_2 = SCHEMA_1.replace("user_version = 1", "user_version = 2") + (
    "CREATE TABLE history (run TEXT NOT NULL, place INTEGER NOT NULL, trial TEXT NOT NULL, PRIMARY KEY (run, place)) "
    "WITHOUT ROWID;"
)

SCHEMA_3 = (
    SCHEMA_2.replace("user_version = 2", "user_version = 3")
    .replace("branches INTEGER", "parts INTEGER")
    .replace("losses BLOB", "measured BLOB")
    .replace("created REAL NOT NULL) WITHOUT", "created REAL NOT NULL, peak_bytes REAL, note TEXT) WITHOUT")
)


@pytest.fixture(params=[SCHEMA_1, SCHEMA_2, SCHEMA_3], ids=["version 1", "version 2", "version 3"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store of an earlier version: a finished evaluation run without the key ``ensemble``, and a waiting one."""
    path = tmp_path / "old.sqlite3"
    wanted = specification(3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(request.param)
        values = wanted.as_dict()
        values.pop("ensemble")
        for run_id, status in (("aaaaaaaa", "finished"), ("bbbbbbbb", "queued")):
            row = (run_id, "evaluate", json.dumps(values), "local", status, '{"done": 3}', '{"rho": 0.5}', 1.7e9)
            columns = "id, kind, specification, origin, status, progress, result, created"
            connection.execute(f"INSERT INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO samples_added VALUES ('one.json.gz')")
        for one in wanted.evaluations():
            losses = np.array(made_up(one).values).tobytes()
            identity = (one.key, one.space, one.architecture, one.configuration.digest(), one.images_identity, one.seed)
            row = (*identity, 1, losses, 0.25, 1.7e9, *([None, None] if request.param == SCHEMA_3 else []))
            connection.execute(f"INSERT INTO evaluations VALUES ({', '.join('?' * len(row))})", row)
        connection.commit()
    return path


def test_a_store_of_an_earlier_version_is_brought_up_to_date_with_all_that_is_in_it(old: Path) -> None:
    store = Store(old)
    assert [(run.id, run.status, run.specification) for run in store.runs()] == [
        ("aaaaaaaa", "finished", specification(3)),
        ("bbbbbbbb", "queued", specification(3)),
    ]
    assert (store.run("aaaaaaaa").progress, store.run("aaaaaaaa").result) == ({"done": 3}, {"rho": 0.5})
    evaluations = specification(3).evaluations()
    assert store.outcomes(evaluations) == {one.key: made_up(one) for one in evaluations}
    assert store.has_taken_sample("one.json.gz")
    assert store.history("aaaaaaaa") == []
    assert store.run("aaaaaaaa").labels == Labels()
    assert store.label("aaaaaaaa", Labels("the first")).name == "the first"
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (4,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_upgraded_store_is_as_good_as_a_new_one(old: Path, store: Store) -> None:
    upgraded, executor = Store(old), Instant()
    assert work_on(upgraded, Lease(upgraded, "bbbbbbbb"), executor).status == "finished"
    assert executor.computed == []
    runs = [finished_dps(one, proxy_search_specification()) for one in (upgraded, store)]
    assert runs[0].result == runs[1].result
    assert upgraded.history(runs[0].id) == store.history(runs[1].id)
    assert schema(upgraded) == schema(store)


def schema(store: Store) -> dict[str, str]:
    rows = store.database.query("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row["name"]: "".join(row["sql"].split()) for row in rows}


def test_two_that_open_an_old_store_both_find_it_up_to_date(old: Path) -> None:
    one, two = Store(old), Store(old)
    finished_dps(one)
    assert len(two.history(one.runs()[0].id)) == 8
    assert len(Store(old).runs()) == 3
