"""Numbers in large type, and when there are too few architectures for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from app.charts.layout import rounded
from app.shell.wording import estimate
from eproxy_engine.statistics import Difference

SMALLEST_FOR_HEADLINE = 10
"""Architectures below which a statistic is not shown in large type: two evaluations have ρ 1 or −1."""

WIDTH = 145
"""Pixels of a number with its title and note: three fit a page of 800 pixels."""


def metric_places(count: int) -> list[Any]:
    """Return places for numbers side by side, on a narrow page in several rows, so that none is cut."""
    row = st.container(horizontal=True)
    return [row.container(width=WIDTH) for _ in range(count)]


def metric(
    title: str, value: Any, note: str = "", help: str | None = None, width: Literal["stretch", "content"] = "stretch"
) -> None:
    """Show a number with a note below it."""
    st.metric(title, value, note or None, delta_color="off", delta_arrow="off", help=help, width=width)


def estimate_metric(title: str, values: Mapping[str, Any], name: str, help: str = "", percent: bool = False) -> None:
    """Show a statistic with its 95% interval. ``values``: :meth:`eproxy_engine.statistics.Estimate.as_dict`."""
    value, interval = estimate(values, name, percent)
    metric(title, value, interval, f"{help} Below: 95% interval.".strip())


def difference_metric(title: str, difference: Difference, percent: bool = False) -> None:
    """Show a difference with its paired 95% interval."""

    def number(value: float) -> str:
        return f"{round(100 * value) + 0:d}%".replace("-", "−") if percent else rounded(value)

    shown = "–"
    if difference.value == difference.value:
        shown = ("+" if difference.value > 0 else "") + number(difference.value)
    interval = f"{number(difference.low)} to {number(difference.high)}" if difference.known else "no interval"
    metric(title, shown, interval, "Below: paired 95% interval, by resampling the architectures that both evaluated.")


def too_few(judged: int, asked: int) -> str:
    """Say why no statistic is in large type yet; empty from ten architectures on.

    >>> too_few(3, 100)
    '3 of 100 evaluated: ρ from 10 on.'
    >>> too_few(5, 5), too_few(10, 100)
    ('5 architectures are too few for a figure: ρ from 10 on.', '')
    """
    if judged >= SMALLEST_FOR_HEADLINE:
        return ""
    if judged < asked:
        return f"{judged} of {asked:,} evaluated: ρ from {SMALLEST_FOR_HEADLINE} on."
    return f"{judged} architectures are too few for a figure: ρ from {SMALLEST_FOR_HEADLINE} on."


def preliminary(evaluated: int, asked: int) -> str:
    """Say that a statistic is of a part of the sample; empty once all of it is evaluated.

    >>> preliminary(40, 100), preliminary(100, 100)
    ('**Preliminary**, 40 of 100 evaluated. ', '')
    """
    return f"**Preliminary**, {evaluated:,} of {asked:,} evaluated. " if evaluated < asked else ""
