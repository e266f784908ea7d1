"""Importing a table of accuracies from CSV.

The header names a column ``architecture`` (or ``arch``) and at least one column of accuracies: ``NAME``,
``NAME (UNIT)`` or, after early stopping, ``NAME@EPOCHS``; the default unit is per cent. Higher is better: negate
losses. A task of the space that has no accuracies yet can be filled under its own name. An empty field, ``nan``, ``NA``
and the like are unknown accuracies. Columns of parameters, FLOPs and activations are left out, because they are counted
on the network, and so are columns of texts.

A row is one line. Commas, semicolons or tabs separate fields; fields that contain one are quoted::

    architecture,my accuracy (%),my accuracy@12 (%)
    "100101:conv3x3,maxpool3x3",93.21,88.04
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from contextlib import suppress
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
from eproxy_engine.benchmarks.importing.columns import ARCHITECTURE, Column, Header, read_header
from eproxy_engine.benchmarks.importing.plausible import check_range, doubts
from eproxy_engine.errors import UserError, shortened
from eproxy_engine.spaces import SearchSpace

MOST_BYTES = 50_000_000
MOST_ROWS = 1_000_000
LONGEST_ARCHITECTURE = 10_000
LONGEST_SHOWN = 80
LONGEST_REASON = 300
DELIMITERS = (",", ";", "\t")
UNKNOWN = ("", "nan", "na", "n/a", "<na>", "null", "none")
"""Texts for an unknown accuracy, in lower case."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MEANT_AS_NUMBER = re.compile(r"[+-]?[0-9.,' ]*[0-9][0-9.,' ]*%?")
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
    lines = io.StringIO(_decoded(content), newline=None).readlines()
    first = next((number for number, line in enumerate(lines, 1) if line.strip()), None)
    if first is None:
        raise UserError(f"the file {source!r} is empty; accepted: a header and at least one row")
    delimiter, fields = _header_fields(lines[first - 1])
    header = _without_texts(read_header(space, fields), lines[first:], delimiter)
    name = import_name(source if name is None else name)
    if new:
        refuse_known(space, (column.name for column in header.columns), name)
    rows = _Rows(family, header, delimiter)
    for number, line in enumerate(lines[first:], first + 1):
        rows.take(number, line)
        if progress is not None and (number % _LINES_A_STEP == 0 or number == len(lines)):
            progress(number, len(lines))
    return rows.checked(source, name)


class _Rows:
    """The rows of a file, accepted or rejected."""

    def __init__(self, family: SearchSpace, header: Header, delimiter: str) -> None:
        self._family, self._header, self._delimiter = family, header, delimiter
        self._lines: dict[str, int] = {}
        """Line of each accepted architecture."""
        self._accuracies: list[list[float]] = []
        self._rejected: list[Rejected] = []

    def take(self, number: int, line: str) -> None:
        """Accept or reject the next line of the file; skip blank ones."""
        if not line.strip():
            return
        if len(self._lines) + len(self._rejected) == MOST_ROWS:
            raise UserError(f"more than {MOST_ROWS:,} rows; accepted: up to {MOST_ROWS:,} in each of several files")
        text = ""
        try:
            fields = _split(line, self._delimiter)
            if len(fields) != self._header.fields:
                raise UserError(self._miscounted(fields))
            text = fields[self._header.architecture].strip()
            architecture = self._architecture(text)
            accuracies = [_accuracy(column, fields[column.place]) for column in self._header.columns]
            if all(map(math.isnan, accuracies)):
                raise UserError("no accuracy; accepted: at least one")
        except UserError as error:
            reason = shortened(str(error), LONGEST_REASON)
            self._rejected.append(Rejected(number, shortened(text, LONGEST_SHOWN), reason))
            return
        self._lines[architecture] = number
        self._accuracies.append(accuracies)

    def _miscounted(self, fields: Sequence[str]) -> str:
        more = len(fields) > self._header.fields
        hint = f'; an architecture that contains {self._delimiter!r} needs quotes, as in "…"' if more else ""
        return f"{len(fields)} fields, but the header has {self._header.fields}{hint}"

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


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UserError(f"a file of {len(content):,} bytes; accepted: up to {MOST_BYTES:,}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"the file is not UTF-8 text (byte {error.start:,}); accepted: CSV, saved as UTF-8") from error


def _header_fields(line: str) -> tuple[str, list[str]]:
    """Return the delimiter with which the header has a column of architectures, else a comma, and the fields."""
    for delimiter in DELIMITERS:
        try:
            fields = _split(line, delimiter)
        except UserError:
            continue
        if any(field.strip().casefold() in ARCHITECTURE for field in fields) and len(fields) > 1:
            return delimiter, fields
    return ",", _split(line, ",")


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\n")], delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error as error:
        raise UserError(f"{error}; accepted: one row per line, quotes closed and doubled within quotes") from error


def _without_texts(header: Header, lines: Sequence[str], delimiter: str) -> Header:
    """Remove columns without any number from the header, unless none would remain."""
    without = list(header.columns)
    for line in lines:
        if not without:
            break
        with suppress(UserError):
            fields = _split(line, delimiter)
            if len(fields) == header.fields:
                without = [each for each in without if not _is_number(fields[each.place])]
    if not without or len(without) == len(header.columns):
        return header
    notes = tuple(f"The column {each.name!r} is left out: it has no numbers." for each in without)
    columns = tuple(each for each in header.columns if each not in without)
    return replace(header, columns=columns, notes=header.notes + notes)


def _is_number(text: str) -> bool:
    """Return whether a text is a number or meant as one; rows with malformed numbers are rejected one by one."""
    text = text.strip()
    return bool(_NUMBER.fullmatch(text) or _MEANT_AS_NUMBER.fullmatch(text))


def _accuracy(column: Column, text: str) -> float:
    text = text.strip()
    if text.lower() in UNKNOWN:
        return math.nan
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        shown = shortened(text, 40)
        raise UserError(f"{column.name} is {shown!r}; accepted: a finite number, such as 93.21, or nothing")
    check_range(column, float(text))
    return float(text)
