"""What all results have in common."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_ROWS, MOST_COLUMNS, LONGEST = 10, 8, 40
"""Rows, columns and characters of a value that are shown of a frame."""


@dataclass(frozen=True, eq=False, repr=False)
class Result(ABC):
    """Result of a function of this package: a frame, what it says in one line, and a figure."""

    title: str
    """What was done."""
    frame: pd.DataFrame

    @property
    @abstractmethod
    def summary(self) -> str:
        """What was found, in one line."""

    @abstractmethod
    def plot(self) -> go.Figure:
        """Draw the result with Plotly, which is imported by this."""

    def __repr__(self) -> str:
        return f"{self.title}: {self.summary}"

    def __str__(self) -> str:
        """Show the line and some of the frame."""
        return f"{self!r}\n{self.frame.to_string(max_rows=MOST_ROWS, max_cols=MOST_COLUMNS, max_colwidth=LONGEST)}"

    def _repr_html_(self) -> str:
        """Show the result in a notebook."""
        return f"<p>{escape(repr(self))}</p>{self.frame.to_html(max_rows=MOST_ROWS)}"


@dataclass(frozen=True, eq=False, repr=False)
class RunResult(Result):
    """Result of a run, which stays in the store."""

    run: str
    """ID of the run, which the dashboard shows on its page *Runs*."""
    found: dict[str, Any]
    """Everything that the run has found, as plain values."""


def number(found: dict[str, Any], name: str) -> float:
    """Return a statistic, nan where it is undefined."""
    value = found.get(name)
    return math.nan if value is None else float(value)


def interval(found: dict[str, Any], name: str) -> tuple[float, float]:
    """Return the bootstrap interval of a statistic."""
    return number(found, f"{name}_low"), number(found, f"{name}_high")


def with_interval(found: dict[str, Any], name: str, sign: str) -> str:
    """Describe a statistic.

    >>> with_interval({"rho": 0.631, "rho_low": 0.55, "rho_high": 0.7}, "rho", "ρ")
    'ρ = 0.63 [0.55, 0.70]'
    """
    value, (low, high) = number(found, name), interval(found, name)
    if math.isnan(value):
        return f"{sign} undefined"
    return f"{sign} = {value:.2f}" + ("" if math.isnan(low) else f" [{low:.2f}, {high:.2f}]")
