"""Speed of this machine when it is idle, as measured by earlier runs."""

from __future__ import annotations

from itertools import islice

from eproxy_engine import spaces
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Run
from eproxy_engine.runs.arithmetic import GAIN

RECENT = 10
"""Runs among which the quickest tells the speed."""
FEWEST_EVALUATED = 5
"""Evaluations of a run that tells the speed: the first ones of a process are slower, and few say little."""


def multiply_accumulates_per_second(runs: list[Run], space: str, arithmetic: str = TORCH) -> float:
    """Return the speed of one core on a space: that of the quickest recent run here, else a typical one.

    Other programs make a run slower, nothing makes it quicker: the quickest had the machine most to itself.

    Args:
        runs: All runs, newest first.
        space: Name of the search space.
        arithmetic: Who computes.
    """
    speeds = (speed for run in runs if (speed := _speed(run, space, arithmetic)) is not None)
    typical = spaces.get(space).typical_speed * (GAIN if arithmetic == NATIVE else 1)
    return max(islice(speeds, RECENT), default=typical)


def _speed(run: Run, space: str, arithmetic: str) -> float | None:
    """Return the speed that a run measured; None if it tells none."""
    result, given = run.result or {}, run.specification
    if run.origin != "local" or (given.space, given.arithmetic) != (space, arithmetic):
        return None
    if result.get("evaluated", 0) < FEWEST_EVALUATED or not result.get("multiply_accumulates_per_second"):
        return None
    return float(result["multiply_accumulates_per_second"])
