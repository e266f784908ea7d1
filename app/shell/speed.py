"""Speed of this machine, as measured by earlier runs."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Run
from eproxy_engine.runs.arithmetic import GAIN


def multiply_accumulates_per_second(runs: list[Run], space: str, arithmetic: str = TORCH) -> float:
    """Return the speed of one core in the latest run on that space here with that arithmetic, else a typical speed."""
    name = "multiply_accumulates_per_second"
    measured = (
        run.result[name] for run in runs if _tells(run, space, arithmetic) and run.result and run.result.get(name)
    )
    typical = spaces.get(space).typical_speed * (GAIN if arithmetic == NATIVE else 1)
    return float(next(measured, typical))


def _tells(run: Run, space: str, arithmetic: str) -> bool:
    return run.origin == "local" and (run.specification.space, run.specification.arithmetic) == (space, arithmetic)
