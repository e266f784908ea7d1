"""What was found in a file, row by row, before any of it is kept."""

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
"""Called now and then with what is done and the total, in the same unit."""
LONGEST_SOURCE = 80


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be taken."""

    line: int
    """Of the file, counted from 1."""
    architecture: str
    """As the file has it, shortened; empty if the row could not be taken apart."""
    reason: str


@dataclass(frozen=True, eq=False)
class Checked:
    """A file's accuracies for one search space."""

    space: str
    source: str
    """The file's name, fit to be shown."""
    name: str
    """Under which it would be kept."""
    table: pd.DataFrame
    """The accepted rows: ``architecture`` (canonical, each once) and a column of accuracies each, nan if unknown."""
    tasks: tuple[Task, ...]
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    """What else its user should know, a sentence each."""
    doubts: tuple[str, ...] = ()
    """What its user is asked about before any of it is kept, a sentence each."""

    @property
    def replaces(self) -> Import | None:
        """The import that keeping this one would replace."""
        return next((each for each in imported.imports(self.space) if each.name == self.name), None)

    def keep(self, anyway: bool = False) -> Import:
        """Keep the accepted rows. ``anyway``: the user has been asked about the doubts.

        Raises UserError if there are none, if there are doubts, or if others were imported meanwhile.
        """
        if self.table.empty:
            raise UserError(f"no row of {self.source!r} can be imported; accepted: at least one without a fault")
        if self.doubts and not anyway:
            raise UserError(f"{self.doubts[0]} Accepted: {self.source!r} corrected, or imported as it is all the same")
        refuse_known(self.space, imported.accuracies(self.table), self.name)
        return imported.keep(self.space, self.source, self.tasks, self.table, self.name)


def refuse_known(space: str, columns: Iterable[str], name: str) -> None:
    """Raises UserError for accuracies that ship with the product or belong to an import of another name."""
    table = shipped(space)
    for column in columns:
        if column in table and table[column].notna().any():
            raise UserError(
                f"the accuracies {column!r} of {space} ship with the product; accepted: a column of another name, "
                f"such as {f'my {column}'!r}"
            )
        for other in imported.imports(space):
            if other.name != name and column in other.columns:
                raise UserError(
                    f"the accuracies {column!r} of {space} are in the import {other.name!r}; accepted: a column of "
                    f"another name, or that import removed first"
                )


def shown_source(source: str) -> str:
    """A file's name fit to be shown: no folders, nothing that does not print, not too long."""
    name = "".join(each if each.isprintable() else " " for each in PurePath(source).name)
    return " ".join(name.split())[:LONGEST_SOURCE] or "a file"
