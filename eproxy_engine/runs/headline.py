"""What a run has found, in one line."""

from __future__ import annotations

from eproxy_engine.runs.kinds.registry import kind_of
from eproxy_engine.runs.run import Run

NOTHING = {
    "queued": "waiting",
    "running": "starting",
    "paused": "nothing found yet",
    "stopped": "nothing found",
    "finished": "nothing found",
    "failed": "failed",
    "interrupted": "nothing found yet",
}
"""Words for a run without a result, by its status."""
UNKNOWN = "result of another version"


def headline(run: Run) -> str:
    """Return the result of a run in one line; without one, how far the run is."""
    if run.result:
        try:
            return kind_of(run.specification).headline(run.specification, run.result)
        except (KeyError, TypeError, ValueError):  # a store keeps results of versions that had other fields
            return UNKNOWN
    done, total = run.progress.get("done", 0), run.progress.get("total", 0)
    return f"{done:,} of {total:,} evaluations" if total else NOTHING[run.status]
