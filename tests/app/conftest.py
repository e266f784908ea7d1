"""Tests of pages put back what they change of the process, and do not add the shipped runs anew each time."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eproxy_engine.runs import Store, archive


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
