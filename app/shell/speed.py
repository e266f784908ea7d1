"""Speed of this machine, as measured by earlier runs."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.runs import Run


def multiply_accumulates_per_second(runs: list[Run], space: str) -> float:
    """Return the speed of one core in the latest run on that space here, else a typical speed."""
    name = "multiply_accumulates_per_second"
    measured = (run.result[name] for run in runs if _tells(run, space) and run.result and run.result.get(name))
    return float(next(measured, spaces.get(space).typical_speed))


def _tells(run: Run, space: str) -> bool:
    return run.origin == "local" and run.specification.space == space
