"""Times are those of an idle machine, however loaded it was in some runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.shell.speed import RECENT, multiply_accumulates_per_second
from eproxy_engine import spaces
from eproxy_engine.runs import Run, Store
from tests.runs.conftest import Instant, finished, specification

NAME = "multiply_accumulates_per_second"


def test_the_quickest_recent_run_tells_the_speed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite3")
    run = finished(store, specification(6), Instant())
    store.close()

    def measured(speed: float, **changes: Any) -> Run:
        return replace(run, result={**(run.result or {}), NAME: speed, **changes})

    loaded, idle = measured(1e9), measured(8e9)
    few, elsewhere = measured(5e10, evaluated=2), replace(measured(5e10), origin="imported")
    assert multiply_accumulates_per_second([loaded, idle, loaded, few, elsewhere], "nasbench201") == 8e9
    assert multiply_accumulates_per_second([loaded] * RECENT + [idle], "nasbench201") == 1e9, "of another year"
    typical = spaces.get("nasbench201").typical_speed
    assert multiply_accumulates_per_second([few, elsewhere], "nasbench201") == typical
