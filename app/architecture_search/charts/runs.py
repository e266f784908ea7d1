"""Architecture searches as data for charts, and their colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.charts import palette
from app.charts.layout import rounded

COLOURS = (palette.GREEN, palette.ORANGE, palette.PURPLE, palette.SKY_BLUE, palette.BLUE, palette.VERMILLION)
DASHES = ("solid", "dash", "dot", "dashdot")
"""Dashes for more runs than colours."""


class Searched(NamedTuple):
    """Current state of one run; lists have one entry per seed."""

    id: str
    name: str
    colour: str
    dash: str
    improvements: list[list[tuple[int, float]]]
    """Each query that improved on the best accuracy, with that accuracy."""
    queries: list[int]
    """Queries so far."""
    spent: int
    """Queries of the proxy's design among them."""
    optimum: float | None
    """Best measured accuracy within the constraints."""
    going_on: bool

    @property
    def best(self) -> list[float]:
        """Accuracies of the seeds that have one."""
        return [steps[-1][1] for steps in self.improvements if steps]

    @property
    def to_optimum(self) -> list[int]:
        """Queries until the optimum of the seeds that found it."""
        return [steps[-1][0] for steps in self.improvements if steps and steps[-1][1] == self.optimum]


def style(place: int) -> tuple[str, str]:
    """Return colour and dash of a run by its place among all of a space and task.

    The oldest is first, so that later runs do not change them.
    """
    return COLOURS[place % len(COLOURS)], DASHES[place // len(COLOURS) % len(DASHES)]


def mean_and_error(values: Sequence[float], digits: int = 0) -> str:
    """Format the mean and, for several seeds, its standard error.

    >>> mean_and_error([170, 180, 172]), mean_and_error([60]), mean_and_error([91.5, 91.7], digits=2)
    ('174 ± 3', '60', '91.60 ± 0.10')
    """
    mean = rounded(float(np.mean(values)), digits)
    if len(values) < 2:
        return mean
    return f"{mean} ± {rounded(float(np.std(values, ddof=1)) / math.sqrt(len(values)), digits)}"
