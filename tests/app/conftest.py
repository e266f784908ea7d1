"""Tests of pages put back what they change of the process, and do not add the shipped runs anew each time."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from eproxy_engine.runs import Store, archive
from tests.app.driving import ENTRY, ROOT


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """AppTest leaves a page as the process's main module, which every process spawned later would run again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def store_with_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first page that is opened makes of an empty data directory."""
    path = tmp_path_factory.mktemp("samples") / "store.sqlite3"
    with closing(Store(path)) as store:
        archive.add_samples(store)
        store.database.query("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(autouse=True)
def samples(tmp_path: Path, store_with_samples: Path) -> None:
    """The data directory of a test, which is its temporary folder, has been opened before."""
    shutil.copy(store_with_samples, tmp_path / "store.sqlite3")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard; no page is open yet."""
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT))
    return AppTest.from_file(ENTRY, default_timeout=60)
