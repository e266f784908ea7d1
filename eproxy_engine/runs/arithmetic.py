"""Who computes the trainings of a new run: torch, or compiled kernels, which are faster.

Outcomes of the two are kept apart (``Evaluation.arithmetic`` is part of the key), and a run has those of one alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from glob import glob
from typing import TypeVar

from eproxy_engine.native import library
from eproxy_engine.proxy.evaluation import EARLIER, NATIVE, TORCH
from eproxy_engine.runs import executors
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Run

S = TypeVar("S", bound=Specification)

GAIN = 1.5
"""Evaluations of the kernels in the time of one of torch, carefully: 1.5 to 8.5 were measured (docs/PERFORMANCE.md)."""


def why_torch() -> str | None:
    """Say why new runs are computed by torch; None if the kernels compute what they can."""
    if os.environ.get("EPROXY_RAY"):
        return "on a cluster, torch computes"
    if any(glob(pattern) for pattern in executors.GPUS):
        return "on a GPU, torch computes"
    return library.missing()


def faster(given: S, runs: Iterable[Run], missing: Callable[[S], int]) -> S:
    """Return the specification with the arithmetic by which it is done sooner.

    Args:
        given: Specification of a new run.
        runs: All runs of the store. One with an equal specification has made the choice, unless only earlier kernels
            could finish it.
        missing: Counts the evaluations of a specification that the store lacks.
    """
    torch, native = given.computed_by(TORCH), given.computed_by(NATIVE)
    if native.arithmetic == TORCH or why_torch() is not None:
        return torch
    for run in runs:
        known = run.specification
        if known == given and (known.arithmetic not in EARLIER or not missing(given.computed_by(known.arithmetic))):
            return given.computed_by(run.specification.arithmetic)
    return native if missing(native) <= GAIN * missing(torch) else torch
