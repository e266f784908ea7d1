"""The tasks of a search space: its own, and those of the accuracies that a user imported."""

from __future__ import annotations

from eproxy_engine import spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces import Task


def tasks(space: str) -> tuple[Task, ...]:
    """All tasks of a space, its default one first. Raises UserError for an unknown space."""
    own = spaces.get(space).tasks
    names = {task.name for task in own}
    return own + tuple(task for each in imported.imports(space) for task in each.tasks if task.name not in names)


def task(space: str, name: str | None = None) -> Task:
    """The task of that name, the default one without a name. Raises UserError."""
    known = tasks(space)
    for each in known:
        if name in (None, each.name):
            return each
    raise UserError(one_of(name, [each.name for each in known], f"task of {space}"))
