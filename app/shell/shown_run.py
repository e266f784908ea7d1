"""Choice of the run that a page shows."""

from __future__ import annotations

from app.shell import state
from eproxy_engine.runs import Run, Specification


def runs_of(runs: list[Run], kind: type[Specification]) -> list[Run]:
    """Return the runs of one kind, in their order."""
    return [run for run in runs if isinstance(run.specification, kind)]


def shown_run(runs: list[Run], specified: Specification | None) -> Run | None:
    """Return the run that the controls specify, else the one that the address names, else the one that fits best.

    Args:
        runs: Runs of one kind, newest first.
        specified: What the controls specify; None if that cannot be run.

    Returns:
        Of the runs with exactly this specification, the one in the address or the newest; else the one in the address;
        else one on the same space and task; else one on the same space; else any. Runs without a result come last.
        None if there is no run.
    """
    choice = state.choice()
    given = choice.specification

    def distance(run: Run) -> tuple[bool, ...]:
        it = run.specification
        return (
            it != specified,
            run.id != choice.run,
            not (run.result or run.progress),
            (it.space, it.task) != (given.space, given.task),
            it.space != given.space,
        )

    return min(runs, key=distance, default=None)
