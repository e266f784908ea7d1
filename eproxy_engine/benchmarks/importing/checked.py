"""Result of checking a file row by row, before any of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

import pandas as pd

from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.imported import Import
from eproxy_engine.benchmarks.table import shipped
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import Task

Progress = Callable[[int, int], None]
"""Called now and then with the amount done and the total, in the same unit."""
LONGEST_SOURCE = 80


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be imported."""

    line: int
    """Line of the file, counted from 1."""
    architecture: str
    """Architecture as in the file, shortened; empty if the row cannot be split."""
    reason: str


@dataclass(frozen=True, eq=False)
class Checked:
    """A file's accuracies for one search space."""

    space: str
    source: str
    """The file's name, safe to show."""
    name: str
    """Name of the import."""
    table: pd.DataFrame
    """The accepted rows: ``architecture`` (canonical, each once) and columns of accuracies, nan if unknown."""
    tasks: tuple[Task, ...]
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    """Other things to tell the user, a sentence each."""
    doubts: tuple[str, ...] = ()
    """Doubts that the user must confirm before anything is kept, a sentence each."""

    @property
    def replaces(self) -> Import | None:
        """The existing import that this one would replace."""
        return next((each for each in imported.imports(self.space) if each.name == self.name), None)

    def keep(self, anyway: bool = False) -> Import:
        """Keep the accepted rows.

        Args:
            anyway: Whether the user has confirmed the doubts.

        Raises:
            UserError: If no row is accepted, doubts are unconfirmed, or the accuracies were imported meanwhile.
        """
        if self.table.empty:
            raise UserError(f"no row of {self.source!r} can be imported; accepted: at least one valid row")
        if self.doubts and not anyway:
            raise UserError(f"{self.doubts[0]} Correct {self.source!r}, or confirm that it is right as it is")
        refuse_known(self.space, imported.accuracies(self.table), self.name)
        return imported.keep(self.space, self.source, self.tasks, self.table, self.name)


def refuse_known(space: str, columns: Iterable[str], name: str) -> None:
    """Raise UserError for accuracies that are already included or belong to an import of another name."""
    table = shipped(space)
    for column in columns:
        if column in table and table[column].notna().any():
            raise UserError(
                f"the accuracies {column!r} of {space} are already included; accepted: a column of another name, "
                f"such as {f'my {column}'!r}"
            )
        for other in imported.imports(space):
            if other.name != name and column in other.columns:
                raise UserError(
                    f"the accuracies {column!r} of {space} are in the import {other.name!r}; use another name for the "
                    f"column, or remove that import first"
                )


def shown_source(source: str) -> str:
    """Return a file's name safe to show: without folders and unprintable characters, and shortened."""
    name = "".join(each if each.isprintable() else " " for each in PurePath(source).name)
    return " ".join(name.split())[:LONGEST_SOURCE] or "a file"
