"""Numbers as spreadsheets and scripts write them: with a per cent sign, or a decimal comma."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from eproxy_engine.benchmarks.importing.columns import Column
from eproxy_engine.benchmarks.importing.plausible import PER_CENT, check_range
from eproxy_engine.errors import UserError, shortened

UNKNOWN = ("", "nan", "na", "n/a", "<na>", "null", "none")
"""Texts for an unknown accuracy, in lower case."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]*),([0-9]+(?:[eE][+-]?[0-9]+)?)")
_MEANT_AS_NUMBER = re.compile(r"[+-]?[0-9.,' ]*[0-9][0-9.,' ]*%?")


class Survey:
    """A look at all values of a file, before any is judged: which columns have numbers, and in which form."""

    def __init__(self, columns: Sequence[Column], commas: bool) -> None:
        """``commas``: whether commas may be decimal ones, because something else separates the fields."""
        self._places = {column.place for column in columns}
        self._texts = set(self._places)
        self._decimal_commas = set(self._places) if commas else set()

    def take(self, rows: Iterable[Sequence[str]]) -> None:
        """Look at rows until nothing more can be found out."""
        for fields in rows:
            if not self._texts and not self._decimal_commas:
                return
            for place in self._texts | self._decimal_commas:
                text = fields[place].strip()
                if place in self._texts and _is_number(text):
                    self._texts.discard(place)
                if "." in text and _is_number(text):
                    self._decimal_commas.discard(place)

    def texts(self) -> set[int]:
        """Return the places of the columns without any number."""
        return self._texts

    def decimal_commas(self) -> frozenset[int]:
        """Return the places of columns without a decimal point, in which a comma can be nothing else."""
        return frozenset(self._decimal_commas)


def _is_number(text: str) -> bool:
    """Return whether a text is a number or meant as one; rows with malformed numbers are rejected one by one."""
    return bool(_NUMBER.fullmatch(text) or _MEANT_AS_NUMBER.fullmatch(text))


def accuracy(column: Column, text: str, decimal_comma: bool = False) -> float:
    """Read one accuracy; nan if it is unknown.

    Args:
        column: The column.
        text: The field.
        decimal_comma: Whether a comma stands for the decimal point.

    Raises:
        UserError: If the field is no number, or not in the range of the column's unit.
    """
    given = text.strip()
    if given.lower() in UNKNOWN:
        return math.nan
    number = given.removesuffix("%").rstrip() if column.unit == PER_CENT else given
    if decimal_comma and (parts := _DECIMAL_COMMA.fullmatch(number)):
        number = f"{parts[1]}.{parts[2]}"
    if not _NUMBER.fullmatch(number) or not math.isfinite(float(number)):
        shown = shortened(given, 40)
        raise UserError(f"{column.name} is {shown!r}; accepted: a finite number, such as 93.21, or nothing")
    check_range(column, float(number))
    return float(number)
