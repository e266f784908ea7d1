"""Numbers in large type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from app.shell.wording import estimate

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
