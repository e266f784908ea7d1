"""What is known of a run besides its result: who computed it, how long it took, how much it stores."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from app.shell.wording import duration
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs import Run

COMPUTED_NOTHING = "nothing computed"


def took(run: Run) -> str:
    """Say how long the run took or has taken; of one from elsewhere, the time of its trainings, if that is known."""
    if run.started is not None:
        ended = time.time() if run.status == "running" else run.finished
        return duration(ended - run.started) if ended is not None else ""
    seconds = training_seconds(run.result or {})
    return f"{duration(seconds)} of training" if seconds else ""


def training_seconds(result: Mapping[str, Any]) -> float:
    """Return the processor time of all evaluations in a result; 0 if it is not known."""
    if "seconds_of_training" in result:
        return float(result["seconds_of_training"])
    rows = result.get("proxies") or [result]
    counts = (row.get("evaluated", row.get("n", 0)) * (row.get("seconds_per_architecture") or 0.0) for row in rows)
    return float(sum(counts))


def computed_by(run: Run) -> str:
    """Say by what and where the run was computed, in a few words."""
    if (run.result or {}).get("evaluations") == 0:
        return COMPUTED_NOTHING
    what = "kernels" if run.specification.arithmetic != TORCH else "torch"
    return f"{what}, {run.device}" if run.device else what


def disk_use(run: Run) -> str:
    """Say how much the run's evaluations take in the store.

    >>> megabytes(1_260_000), megabytes(12_000), megabytes(0)
    ('1.3 MB', '12 kB', '0 kB')
    """
    return "" if run.size is None else megabytes(run.size)


def megabytes(size: int) -> str:
    """Format a number of bytes."""
    return f"{size / 1e6:.1f} MB" if size >= 999_500 else f"{round(size / 1e3)} kB"
