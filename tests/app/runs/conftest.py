"""Runs of every kind, as the shipped ones are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eproxy_engine.runs import Store


@pytest.fixture
def shipped(tmp_path: Path, store_with_samples: Path) -> Iterator[Store]:
    """A store with the shipped runs."""
    shutil.copy(store_with_samples, tmp_path / "shipped.sqlite3")
    with closing(Store(tmp_path / "shipped.sqlite3")) as store:
        yield store
