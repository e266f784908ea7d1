"""Header of a table of accuracies: the meaning of each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.counts import COUNTS
from eproxy_engine.errors import UserError, shortened
from eproxy_engine.spaces import Task

ARCHITECTURE = ("architecture", "arch", "arch_str")
ACCURACY = "accuracy"
RESERVED = (*ARCHITECTURE, "score", "losses", "seconds", "key")
"""Names of our own columns; :data:`ACCURACY` is one as well, but such a column gets another name."""
FRACTIONS = ("fraction", "fractions")
_PER_CENT = re.compile(r"%|per ?cent|pct")
LONGEST_NAME = 40
MOST_COLUMNS = 100
ACCEPTED = "NAME, NAME (UNIT) or NAME@EPOCHS, the name of up to 40 letters, digits, spaces, dots, hyphens, underscores"
_COLUMN = re.compile(
    r"(?P<name>[^\W_](?:[\w .-]{0,38}[\w.-])?)"
    r" *(?:@ *(?P<epochs>[1-9][0-9]{0,5}))?"
    r" *(?:\( *(?P<unit>[\w%/°. -]{1,20})\))?"
)


@dataclass(frozen=True)
class Column:
    """Column of accuracies on a task, or after early stopping."""

    place: int
    """Index among the fields of a row."""
    task: str
    epochs: int | None
    unit: str | None
    """None if the header names no unit, until :func:`read_header` fills in the task's."""

    @property
    def name(self) -> str:
        """Name in the table."""
        return self.task if self.epochs is None else f"{self.task}@{self.epochs}"


@dataclass(frozen=True)
class Header:
    """Layout of a row."""

    fields: int
    """Number of fields."""
    architecture: int
    """Index of the architecture's field."""
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    """Notes on columns that are left out."""

    def tasks(self, space: str, source: str) -> tuple[Task, ...]:
        """Return the tasks of the columns: the space's own where it has one of that name."""
        own = {task.name: task for task in spaces.get(space).tasks}
        return tuple(
            own.get(each.task)
            or Task(each.task, f"{each.task}, imported from {source}", each.unit or Task.unit, short=each.task)
            for each in self.columns
            if each.epochs is None
        )


def is_architecture(text: str) -> bool:
    """Return whether a field of a header names the column of architectures."""
    return text.strip().casefold() in ARCHITECTURE


def read_header(space: str, fields: Sequence[str], name: str) -> Header:
    """Interpret the fields of a header.

    Args:
        space: Name of the search space.
        fields: The header.
        name: Name of the import, after which a column called just accuracy is named.

    Raises:
        UserError: If the header cannot be used.
    """
    names = [" ".join(text.split()) for text in fields]
    architecture = [place for place, text in enumerate(names) if is_architecture(text)]
    if len(architecture) != 1:
        found = f", not {len(architecture)}" if architecture else ""
        raise UserError(f"the header {_shown(','.join(fields))} needs one column 'architecture'{found}")
    columns: list[Column] = []
    notes: dict[str, None] = {}
    for place, text in enumerate(names):
        if place == architecture[0]:
            continue
        if not text:
            notes["A column without a name is left out."] = None
        elif (column := _column(place, text)).task.casefold() in COUNTS:
            notes[f"The column {column.task!r} is left out: it is counted on the network."] = None
        elif column.task.casefold() == ACCURACY:
            columns.append(replace(column, task=f"accuracy of {name}"[:LONGEST_NAME]))
            notes[f"The column {column.name!r} becomes {columns[-1].name!r}."] = None
        else:
            columns.append(column)
    if not columns:
        raise UserError(f"the header {_shown(','.join(fields))} has no column of accuracies; accepted: {ACCEPTED}")
    return Header(len(fields), architecture[0], _with_units(space, columns), tuple(notes))


def _shown(text: str) -> str:
    return repr(shortened(text, 60))


def _column(place: int, text: str) -> Column:
    match = _COLUMN.fullmatch(text)
    if match is None:
        raise UserError(f"the column {_shown(text)} cannot be used; accepted: {ACCEPTED}")
    if match["name"].casefold() in RESERVED:
        raise UserError(f"the column {_shown(text)} has a reserved name; accepted: another one, such as 'my accuracy'")
    unit = match["unit"].strip() if match["unit"] else ""
    epochs = int(match["epochs"]) if match["epochs"] else None
    return Column(place, match["name"], epochs, _unit(unit))


def _unit(text: str) -> str | None:
    """Return the unit that a header names, in our own word for it.

    >>> _unit("Percentage"), _unit("% top-1"), _unit("Fractions"), _unit("IoU"), _unit("")
    ('%', '%', 'fraction', 'IoU', None)
    """
    if _PER_CENT.search(text.casefold()):
        return "%"
    return FRACTIONS[0] if text.casefold() in FRACTIONS else text or None


def _with_units(space: str, columns: list[Column]) -> tuple[Column, ...]:
    """Give each column the unit of its task. Raises UserError for columns that do not go together."""
    if len(columns) > MOST_COLUMNS:
        raise UserError(f"{len(columns)} columns of accuracies; accepted: up to {MOST_COLUMNS}")
    units = {task.name: task.unit for task in benchmarks.tasks(space)}
    units |= {each.task: each.unit or Task.unit for each in columns if each.epochs is None and each.task not in units}
    seen: set[str] = set()
    for each in columns:
        if each.name in seen:
            raise UserError(f"the column {each.name!r} is in the header twice; accepted: each name once")
        seen.add(each.name)
        if each.task not in units:
            raise UserError(
                f"the column {each.name!r} needs a column {each.task!r} with the accuracy after the whole training"
            )
        if each.unit not in (None, units[each.task]):
            raise UserError(
                f"the column {each.name!r} is in {each.unit!r}, but {each.task!r} is in {units[each.task]!r}; "
                f"accepted: the same unit, or another name"
            )
    return tuple(replace(each, unit=units[each.task]) for each in columns)
