"""Tests of pages put back what they change of the process, and do not add the shipped runs anew each time."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from app.shell import launching, warming
from eproxy_engine.runs import Store
from tests.app.driving import ENTRY, ROOT


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """AppTest leaves a page as the process's main module, which every process spawned later would run again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture
def app(tmp_path: Path, store_with_samples: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard, whose data directory has been opened before; no page is open yet.

    AppTest looks through all installed packages for components each time; the dashboard has none.
    """
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)
    monkeypatch.setattr(warming, "import_later", lambda *modules: None)  # no thread is to outlive a test
    shutil.copy(store_with_samples, tmp_path / "store.sqlite3")
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT))
    return AppTest.from_file(ENTRY, default_timeout=60)


@pytest.fixture
def store(app: AppTest, tmp_path: Path) -> Iterator[Store]:
    """That of the dashboard."""
    with closing(Store(tmp_path / "store.sqlite3")) as opened_store:
        yield opened_store


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Stands for the worker that a launch starts."""
    started = Mock()
    monkeypatch.setattr(launching, "start_detached", started)
    return started
