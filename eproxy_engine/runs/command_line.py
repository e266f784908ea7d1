"""Command lines that reproduce what the dashboard shows."""

from __future__ import annotations

import shlex
from typing import Any

from eproxy_engine.runs.kinds.registry import kind_of
from eproxy_engine.runs.specification import Specification

PROGRAM = "python -m eproxy_engine"


def command(specification: Specification) -> str:
    """Return the shell command that launches the same run."""
    return _line([*kind_of(specification).command(specification), "--images", specification.images])


def transfer_command(run_id: str, space: str, task: str, count: int) -> str:
    """Return the shell command that judges the proxy of a proxy search on another space or task."""
    return _line(["transfer", run_id, "--space", space, "--task", task, "--archs", count])


def scoreboard_command(table: int) -> str:
    """Return the shell command that prints a table of the scoreboard."""
    return _line(["scoreboard", "--table", table])


def _line(words: list[Any]) -> str:
    return f"{PROGRAM} {shlex.join(map(str, words))}"
