"""Published and measured results, cell by cell, and the runs that are still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from eproxy_engine import benchmarks, statistics
from eproxy_engine.runs import ComparisonSpecification, Run, Specification
from eproxy_engine.runs.command_line import scoreboard_command
from eproxy_engine.scoreboard.measured import ESTIMATES, Measured, Measurement, shipped
from eproxy_engine.scoreboard.published import AVERAGE, LEARNED, Cell, Table
from eproxy_engine.scoreboard.recipes import PLACES, Recipe, recipe
from eproxy_engine.scoreboard.shipped import left_out


@dataclass(frozen=True)
class Entry:
    """One cell of the scoreboard."""

    cell: Cell
    recipe: Recipe
    measured: Measurement | None = None
    """The best run of this installation, else what ships."""
    coming: str | None = None
    """ID of the active run that measures it."""
    averaged: tuple[int, int] | None = None
    """For an average: the number of measured cells of the row, and of all its cells."""

    left_out: str = ""
    """What the project tells of why it has not measured the cell, in Markdown."""

    @property
    def missing(self) -> bool:
        """Whether the cell can be measured, and no run has measured it or is active."""
        return self.measured is None and self.coming is None and self.recipe.specification is not None


def entries(table: Table, runs: Iterable[Run]) -> list[Entry]:
    """Return all cells of a table, part by part and row by row.

    Args:
        table: A table of the paper.
        runs: Runs of any kind and status.
    """
    measured = Measured([run for run in runs if (run.specification.space, run.specification.task) in PLACES])
    found: list[Entry] = []
    for part in table.parts:
        for row in part.rows:
            cells = [cell for cell in part.cells if cell.row == row]
            judged = [_entry(cell, measured) for cell in cells if cell.column != AVERAGE]
            found += judged + [_average(cell, judged) for cell in cells if cell.column == AVERAGE]
    return found


def launchable(wanted: Iterable[Entry]) -> list[Specification]:
    """Return specifications of runs that measure the entries; proxies on the same sample share a run."""
    single: list[Specification] = []
    together: dict[tuple[str, str], ComparisonSpecification] = {}
    for entry in wanted:
        given = entry.recipe.specification
        if isinstance(given, ComparisonSpecification):
            others = together.get((given.space, given.task))
            together[given.space, given.task] = (
                replace(others, proxies=(*others.proxies, *given.proxies)) if others else given
            )
        elif given is not None:
            single.append(given)
    return [*together.values(), *single]


def _entry(cell: Cell, measured: Measured) -> Entry:
    given = recipe(cell)
    if given.trained_task is not None:
        return Entry(cell, given, _trained(cell.table, given.space, given.task, given.trained_task))
    if given.why_not:
        return Entry(cell, given)
    if cell.row == LEARNED:
        return Entry(cell, given, measured.learned(given.space, given.task))
    what = (given.space, given.task, given.proxy)
    if cell.table == 1 and given.proxy is not None:  # whose effect grows with the width
        own = measured.of_any_width(given.space, given.task, given.proxy)
    else:
        own = measured.of(*what)
    return Entry(cell, given, own or shipped(cell), measured.coming(*what), left_out=left_out(cell))


def _average(cell: Cell, judged: list[Entry]) -> Entry:
    """Return the mean ρ and top-10% retrieval of a row, once all its cells are measured."""
    if reason := next((entry.recipe.why_not for entry in judged if entry.recipe.why_not), ""):
        return Entry(cell, replace(recipe(cell), why_not=reason))
    known = [entry.measured for entry in judged if entry.measured and entry.measured.rho is not None]
    counts, given = (len(known), len(judged)), recipe(cell)
    if len(known) < len(judged):
        return Entry(cell, given, averaged=counts)
    estimates = dict.fromkeys(ESTIMATES) | {
        name: _mean([each.estimates[name] for each in known]) for name in ("rho", "top10")
    }
    n = min(each.n for each in known)
    mean = Measurement(estimates, n, (), known[0].width, known[0].images, scoreboard_command(cell.table))
    return Entry(cell, given, mean, averaged=counts)


def _mean(values: list[float | None]) -> float | None:
    """Return the mean; None if a value is undefined."""
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if len(defined) == len(values) else None


@lru_cache(maxsize=50)
def _trained(table: int, space: str, task: str, by: str) -> Measurement:
    """Measure how accuracies on one task rank those on another, over all architectures with both."""
    rows = benchmarks.load(space)[[*dict.fromkeys((by, task))]].dropna()
    score, accuracy = rows[by].to_numpy(float), rows[task].to_numpy(float)
    found = {"rho": statistics.spearman, "top10": statistics.top_retrieval}
    estimates: dict[str, float | None] = {}
    for name, statistic in found.items():
        estimates |= statistics.bootstrap_interval(statistic, score, accuracy).as_dict(name)
    return Measurement(estimates, len(rows), (), 0, "", scoreboard_command(table))
