"""The worker that the dashboard starts: it runs in another folder, with the same store and data directory."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from eproxy_engine.runs import Store, worker


def test_relative_paths_mean_the_same_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = Mock()
    monkeypatch.setattr(worker.subprocess, "Popen", started)
    monkeypatch.setenv("EPROXY_HOME", "home")
    monkeypatch.chdir(tmp_path)
    for given, store_path in ((None, tmp_path / "home" / "store.sqlite3"), ("mine.sqlite3", tmp_path / "mine.sqlite3")):
        with closing(Store(given)) as store:
            worker.start_detached(store)
        (command,), options = started.call_args
        assert options["cwd"] != tmp_path
        assert command[-2:] == ["--store", str(store_path)]
        assert options["env"]["EPROXY_HOME"] == str(tmp_path / "home")
