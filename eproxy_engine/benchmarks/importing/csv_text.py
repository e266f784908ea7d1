"""Text of a CSV file, as spreadsheets and scripts write it, split into rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eproxy_engine.errors import UserError

DELIMITERS = (",", ";", "\t")
MOST_LINES = 100
"""Maximum number of lines of a row; quoted fields may contain line breaks."""
ACCEPTED = "quotes closed and doubled within quotes"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Row:
    """A row of a file: its fields, or why it has none."""

    line: int
    """First line, counted from 1."""
    lines: int
    """Number of lines."""
    fields: Sequence[str] = ()
    error: UserError | None = None


def lines_of(content: bytes) -> list[str]:
    """Decode a file as UTF-8, or as UTF-16 if its mark says so, and split it into lines.

    Returns:
        The lines, each with its end as ``\\n``.

    Raises:
        UserError: If the file is in another coding.
    """
    coding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        return io.StringIO(content.decode(coding), newline=None).readlines()
    except UnicodeDecodeError as error:
        raise UserError(
            f"the file is not UTF-8 text (byte {error.start:,}); accepted: CSV, saved as UTF-8 or UTF-16"
        ) from error


def rows(lines: Sequence[str], place: int, delimiter: str, fields: int) -> Iterator[Row]:
    """Yield the rows from the line at index ``place`` on, without blank lines.

    A row has several lines only if it then has the right number of ``fields``: otherwise a quote is missing, and its
    first line alone is wrong. Every line belongs to one row.
    """
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        row = row_at(lines, place, delimiter)
        if row.lines > 1 and len(row.fields) != fields:
            row = Row(place + 1, 1, error=UserError(f"a quote is not closed; accepted: {ACCEPTED}"))
        yield row
        place += row.lines


def row_at(lines: Sequence[str], place: int, delimiter: str) -> Row:
    """Read the row that begins at the index ``place``; the first line alone if the row cannot be split."""
    open_ended = lines[place].count('"') % 2
    reader = csv.reader(
        lines[place : place + (MOST_LINES if open_ended else 1)],
        delimiter=delimiter,
        strict=True,
        skipinitialspace=True,
    )
    try:
        fields = next(reader)
    except csv.Error as error:
        return Row(place + 1, 1, error=UserError(f"{error}; accepted: {ACCEPTED}"))
    return Row(place + 1, reader.line_num, fields)
