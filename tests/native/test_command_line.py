"""Runs of the command line by kernels, where there are some."""

import json
import sys
from ctypes import CDLL
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.cli import main
from eproxy_engine.proxy import training
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Store, arithmetic, executors

TINY = (
    *("evaluate", "--space", "nasbench201", "--images", "noise", "--width", "4", "--workers", "1", "--sample", "3"),
    *("--set", "iterations=1", "--set", "branches.0.c_mid=16", "--set", "branches.0.c_out=16", "--json"),
)


@pytest.fixture
def path(tmp_path: Path, best_kernels: CDLL, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store; evaluations find the kernels."""
    monkeypatch.setattr(training, "library", lambda: best_kernels)
    monkeypatch.setattr(executors, "GPUS", ())
    return tmp_path / "store.sqlite3"


def evaluated(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", ["eproxy_engine", *TINY, "--store", str(path)])
    main()
    return json.loads(capsys.readouterr().out)


def test_a_command_is_native_where_there_are_kernels(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    by_torch = evaluated(path, monkeypatch, capsys)  # EPROXY_NATIVE is off in tests
    path.unlink()
    monkeypatch.setattr(arithmetic.library, "missing", lambda: None)
    native = evaluated(path, monkeypatch, capsys)
    assert [run.specification.arithmetic for run in Store(path).runs()] == [NATIVE]
    scores, others = ([row["score"] for row in found["rows"]] for found in (native, by_torch))
    assert scores == pytest.approx(others, rel=1e-5)
    again = evaluated(path, monkeypatch, capsys)
    assert [row["score"] for row in again["rows"]] == scores
    assert Store(path).count_evaluations() == 3


def test_a_store_that_has_the_outcomes_of_torch_goes_on_with_them(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated(path, monkeypatch, capsys)
    monkeypatch.setattr(arithmetic.library, "missing", lambda: None)
    evaluated(path, monkeypatch, capsys)
    assert {run.specification.arithmetic for run in Store(path).runs()} == {TORCH}
    assert Store(path).count_evaluations() == 3
