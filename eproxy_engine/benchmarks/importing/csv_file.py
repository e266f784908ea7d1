"""Importing a table of accuracies from CSV.

The header names a column ``architecture`` (or ``arch``, ``arch_str``) and at least one column of accuracies: ``NAME``,
``NAME (UNIT)`` or, after early stopping, ``NAME@EPOCHS``; the default unit is per cent. Higher is better: negate
losses. A task of the space that has no accuracies yet can be filled under its own name. An empty field, ``nan``, ``NA``
and the like are unknown accuracies. Columns of parameters, FLOPs and activations are left out, because they are counted
on the network, and so are columns of texts.

Commas, semicolons or tabs separate fields; fields that contain one, or a line break, are quoted. Numbers may end with a
per cent sign, and where commas do not separate fields, they may have a decimal comma::

    architecture,my accuracy (%),my accuracy@12 (%)
    "100101:conv3x3,maxpool3x3",93.21,88.04
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.benchmarks.imported import import_name
from eproxy_engine.benchmarks.importing.checked import (
    Checked,
    Progress,
    Rejected,
    refuse_known,
    shown_source,
)
from eproxy_engine.benchmarks.importing.columns import Header, is_architecture, read_header
from eproxy_engine.benchmarks.importing.csv_text import DELIMITERS, Row, lines_of, row_at, rows
from eproxy_engine.benchmarks.importing.numbers import Survey, accuracy
from eproxy_engine.benchmarks.importing.plausible import doubts
from eproxy_engine.errors import UserError, shortened
from eproxy_engine.spaces import SearchSpace

MOST_BYTES = 50_000_000
MOST_ROWS = 1_000_000
LONGEST_ARCHITECTURE = 10_000
LONGEST_SHOWN = 80
LONGEST_REASON = 500
_LINES_A_STEP = 1000


def check(
    space: str,
    content: bytes,
    source: str,
    name: str | None = None,
    progress: Progress | None = None,
    new: bool = True,
) -> Checked:
    """Check a CSV file for a space row by row, without keeping anything.

    Args:
        space: Name of the search space.
        content: Content of the file.
        source: Name of the file.
        name: Name of the import; derived from the source if None.
        progress: Called with lines done and in total.
        new: Whether to refuse accuracies that are known already.

    Returns:
        The accepted and the rejected rows.

    Raises:
        UserError: If the whole file is unusable because of its size, its encoding or its header.
    """
    family, source = spaces.get(space), shown_source(source)
    if len(content) > MOST_BYTES:
        raise UserError(f"a file of {len(content):,} bytes; accepted: up to {MOST_BYTES:,}")
    lines = lines_of(content)
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UserError(f"the file {source!r} is empty; accepted: a header and at least one row")
    delimiter, top = _header_row(lines, first)
    name = import_name(source if name is None else name)
    header = read_header(space, top.fields, name)

    def begun() -> Iterator[Row]:
        return rows(lines, first + top.lines, delimiter, header.fields)

    survey = Survey(header.columns, commas=delimiter != ",")
    survey.take(row.fields for row in begun() if len(row.fields) == header.fields)
    header = _without(header, survey.texts())
    if new:
        refuse_known(space, (column.name for column in header.columns), name)
    found = _Checking(family, header, delimiter, survey.decimal_commas())
    told = 0
    for row in begun():
        found.take(row)
        done = row.line + row.lines - 1
        if progress is not None and done // _LINES_A_STEP > told:
            told = done // _LINES_A_STEP
            progress(done, len(lines))
    if progress is not None:
        progress(len(lines), len(lines))
    return found.checked(source, name)


class _Checking:
    """The rows of a file, accepted or rejected."""

    def __init__(self, family: SearchSpace, header: Header, delimiter: str, decimal_commas: frozenset[int]) -> None:
        self._family, self._header, self._delimiter = family, header, delimiter
        self._decimal_commas = decimal_commas
        self._lines: dict[str, int] = {}
        """Line of each accepted architecture."""
        self._accuracies: list[list[float]] = []
        self._rejected: list[Rejected] = []

    def take(self, row: Row) -> None:
        """Accept or reject the next row of the file."""
        if len(self._lines) + len(self._rejected) == MOST_ROWS:
            raise UserError(f"more than {MOST_ROWS:,} rows; accepted: up to {MOST_ROWS:,} in each of several files")
        text = ""
        try:
            if row.error is not None:
                raise row.error
            if len(row.fields) != self._header.fields:
                raise UserError(self._miscounted(len(row.fields)))
            text = row.fields[self._header.architecture].strip()
            architecture = self._architecture(text)
            accuracies = [
                accuracy(column, row.fields[column.place], column.place in self._decimal_commas)
                for column in self._header.columns
            ]
            if all(map(math.isnan, accuracies)):
                raise UserError("no accuracy; accepted: at least one")
        except UserError as error:
            reason = shortened(str(error), LONGEST_REASON)
            self._rejected.append(Rejected(row.line, shortened(text, LONGEST_SHOWN), reason))
            return
        self._lines[architecture] = row.line
        self._accuracies.append(accuracies)

    def _miscounted(self, fields: int) -> str:
        more = fields > self._header.fields
        hint = f'; an architecture that contains {self._delimiter!r} needs quotes, as in "…"' if more else ""
        return f"{fields} fields, but the header has {self._header.fields}{hint}"

    def _architecture(self, text: str) -> str:
        if not text:
            raise UserError("no architecture")
        if len(text) > LONGEST_ARCHITECTURE:
            raise UserError(f"an architecture of {len(text):,} characters; accepted: up to {LONGEST_ARCHITECTURE:,}")
        architecture = str(self._family.parse(text))
        if architecture in self._lines:
            raise UserError(f"the same architecture as in line {self._lines[architecture]}")
        return architecture

    def checked(self, source: str, name: str) -> Checked:
        """Return all accepted and rejected rows, without columns that have no accuracy."""
        values = np.array(self._accuracies, dtype=float).reshape(-1, len(self._header.columns))
        table = pd.DataFrame({"architecture": pd.Series(list(self._lines), dtype=str)})
        notes, asked = list(self._header.notes), list[str]()
        own = [task.name for task in self._family.tasks]
        for column, accuracies in zip(self._header.columns, values.T, strict=True):
            known = accuracies[~np.isnan(accuracies)]
            if len(known):
                table[column.name] = accuracies
                asked += doubts(column, known, own)
            elif len(table):
                notes.append(f"The column {column.name!r} is left out: no accepted row has a value in it.")
        kept = tuple(task for task in self._header.tasks(self._family.name, source) if task.name in table)
        rejected = tuple(self._rejected)
        return Checked(self._family.name, source, name, table, kept, rejected, tuple(notes), tuple(asked))


def _header_row(lines: list[str], first: int) -> tuple[str, Row]:
    """Return the delimiter with which the header has a column of architectures, else a comma, and the header."""
    for delimiter in DELIMITERS:
        row = row_at(lines, first, delimiter)
        if any(map(is_architecture, row.fields)) and len(row.fields) > 1:
            return delimiter, row
    row = row_at(lines, first, ",")
    if row.error is not None:
        raise row.error
    return ",", row


def _without(header: Header, texts: set[int]) -> Header:
    """Remove the columns at these places, which have no numbers, from the header, unless none would remain."""
    columns = tuple(each for each in header.columns if each.place not in texts)
    if not columns:
        return header
    left_out = [each for each in header.columns if each.place in texts]
    notes = tuple(f"The column {each.name!r} is left out: it has no numbers." for each in left_out)
    return replace(header, columns=columns, notes=header.notes + notes)
