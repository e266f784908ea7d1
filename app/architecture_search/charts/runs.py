"""Architecture searches as charts see them, and which colour each has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.charts import palette
from app.charts.layout import rounded

COLOURS = (palette.GREEN, palette.ORANGE, palette.PURPLE, palette.SKY_BLUE, palette.BLUE, palette.VERMILLION)
DASHES = ("solid", "dash", "dot", "dashdot")
"""For more runs than colours."""


class Searched(NamedTuple):
    """One run, as far as it has come; lists have one entry a seed."""

    id: str
    name: str
    colour: str
    dash: str
    improvements: list[list[tuple[int, float]]]
    """Each query that brought a better accuracy than all before, with that accuracy."""
    queries: list[int]
    """Made so far."""
    spent: int
    """Of them, by the design of the proxy."""
    optimum: float | None
    """The best measured accuracy within the constraints."""
    going_on: bool

    @property
    def best(self) -> list[float]:
        """Accuracies, of the seeds that have one."""
        return [steps[-1][1] for steps in self.improvements if steps]

    @property
    def to_optimum(self) -> list[int]:
        """Queries until the optimum, of the seeds that have found it."""
        return [steps[-1][0] for steps in self.improvements if steps and steps[-1][1] == self.optimum]


def style(place: int) -> tuple[str, str]:
    """Colour and dash of the run of that place among all of a space and task, the oldest first: later runs do not
    change them."""
    return COLOURS[place % len(COLOURS)], DASHES[place // len(COLOURS) % len(DASHES)]


def mean_and_error(values: Sequence[float], digits: int = 0) -> str:
    """Mean and, of several seeds, its standard error.

    >>> mean_and_error([170, 180, 172]), mean_and_error([60]), mean_and_error([91.5, 91.7], digits=2)
    ('174 ± 3', '60', '91.60 ± 0.10')
    """
    mean = rounded(float(np.mean(values)), digits)
    if len(values) < 2:
        return mean
    return f"{mean} ± {rounded(float(np.std(values, ddof=1)) / math.sqrt(len(values)), digits)}"
