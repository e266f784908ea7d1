"""The Runs page says who computed a run, and how to be faster; estimates go by runs of the same arithmetic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.runs import run as page
from app.shell.speed import multiply_accumulates_per_second
from eproxy_engine import spaces
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.arithmetic import GAIN
from tests.runs.conftest import launched, specification


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return launched(Store(tmp_path / "store.sqlite3"))


def by(arithmetic: str, run: Run, speed: float | None = None) -> Run:
    result = None if speed is None else {"multiply_accumulates_per_second": speed, "evaluated": 100}
    return replace(run, specification=specification().computed_by(arithmetic), result=result)


def test_a_run_says_who_computed_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page._who_computes(by(NATIVE, run)) == "Computed by compiled kernels, where they can."
    assert page._who_computes(by(TORCH, run)) == "Computed by torch. New runs are, too: EPROXY_NATIVE is off."
    monkeypatch.setattr(page, "why_torch", lambda: None)
    assert page._who_computes(by(TORCH, run)) == "Computed by torch; new runs are faster."


def test_estimates_go_by_runs_of_the_same_arithmetic(run: Run) -> None:
    runs = [by(NATIVE, run, 9e9), by(TORCH, run, 3e9)]
    assert multiply_accumulates_per_second(runs, "nasbench201", NATIVE) == 9e9
    assert multiply_accumulates_per_second(runs, "nasbench201", TORCH) == 3e9
    typical = spaces.get("nasbench201").typical_speed
    assert multiply_accumulates_per_second([], "nasbench201", NATIVE) == GAIN * typical
    assert multiply_accumulates_per_second([], "nasbench201") == typical


def test_a_run_without_evaluations_computed_nothing(run: Run) -> None:
    found = replace(by(TORCH, run), result={"evaluations": 0})
    assert page._who_computes(found).startswith("Nothing was computed on a network")
