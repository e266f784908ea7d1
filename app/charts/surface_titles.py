"""Wording of landscape chart titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from app.charts.layout import rounded

_WITH, _WITHOUT = "with the barrier", "without"


def by_barrier(texts: Iterable[tuple[str, bool]]) -> str:
    """Join findings with and without the barrier, given as (text, barrier).

    >>> by_barrier([("2", True), ("1", False)]), by_barrier([("2", True), ("3", True)])
    ('2 with the barrier, 1 without', '2 and 3 with the barrier')
    >>> by_barrier([("1", False)])
    '1 without the barrier'
    """
    given = list(texts)
    groups = [
        (name, [text for text, barrier in given if barrier == on]) for name, on in ((_WITH, True), (_WITHOUT, False))
    ]
    told = [f"{' and '.join(found)} {name}" for name, found in groups if found]
    if len(told) == 1 and told[0].endswith(_WITHOUT):
        told[0] += " the barrier"
    return ", ".join(told)


def figures(value: float) -> str:
    """Format two significant figures, or all of a large whole number; a dash for nan.

    >>> figures(0.01234), figures(-12.34), figures(1234.5), figures(0.0), figures(float("nan"))
    ('0.012', '−12', '1,234', '0', '–')
    """
    if not np.isfinite(value):
        return "–"
    if abs(value) >= 10:
        return f"{value:,.0f}".replace("-", "−")
    if value == 0:
        return "0"
    digits = 1 - int(np.floor(np.log10(abs(value))))
    return rounded(value, digits) if digits <= 5 else f"{value:.1e}".replace("-", "−")


def counted(count: int, one: str, many: str) -> str:
    """Format a count with its singular or plural text; empty for 0.

    >>> counted(1, "point is", "points are"), counted(0, "point is", "points are")
    ('1 point is', '')
    """
    return "" if not count else f"{count:,} {one if count == 1 else many}"


def with_remarks(finding: str, remarks: Sequence[str]) -> str:
    """Return the finding with remarks about the picture below in smaller letters."""
    told = " · ".join(each for each in remarks if each)
    return f"{finding}<br><span style='font-size:13px'>{told}</span>" if told else finding
