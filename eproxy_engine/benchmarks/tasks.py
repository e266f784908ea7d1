"""Tasks of a search space: its own and those of imported accuracies."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces import Task


def tasks(space: str) -> tuple[Task, ...]:
    """Return all tasks of a space, the default one first. Raises UserError for an unknown space."""
    own = spaces.get(space).tasks
    names = {task.name for task in own}
    return own + tuple(task for each in imported.imports(space) for task in each.tasks if task.name not in names)


def task(space: str, name: str | None = None) -> Task:
    """Return the task called ``name``, or the default one if None. Raises UserError for an unknown space or task."""
    known = tasks(space)
    for each in known:
        if name in (None, each.name):
            return each
    raise UserError(one_of(name, [each.name for each in known], f"task of {space}"))
