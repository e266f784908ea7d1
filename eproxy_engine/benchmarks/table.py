"""Measured accuracies of a search space: the shipped and the imported ones.

A table has the columns ``architecture`` (canonical text), the :data:`COUNTS` (nan where not counted yet), one per task
(nan where unknown), ``TASK@EPOCHS`` for accuracies after early stopping, and ``in:NAME`` for named subsets.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.counts import COUNTS
from eproxy_engine.benchmarks.tasks import task as find_task

TABLES_FOLDER = Path(__file__).parent / "tables"
SUBSET_PREFIX = "in:"
PERCENT_DIGITS, PLAIN_DIGITS = 4, 6
"""Decimals of an accuracy, finer than any benchmark's own spread."""
LARGEST_PLAIN = 5
"""A column of accuracies with larger values is in per cent; otherwise it is a similarity or a negative loss."""


def load(space: str) -> pd.DataFrame:
    """Return the whole table of a search space.

    Args:
        space: Name of the search space.

    Returns:
        The cached table: treat it as read-only. It has no rows if nothing has been measured.

    Example:
        >>> len(load("nasbench201"))
        15625
    """
    return _merged(space, version(space))


def version(space: str) -> tuple[tuple[str, int], ...]:
    """Return a value that changes with every import into the table."""
    return tuple((str(path), path.stat().st_mtime_ns) for path in imported.paths(space))


@lru_cache(maxsize=32)
def _merged(space: str, imports: tuple[tuple[str, int], ...]) -> pd.DataFrame:
    """Merge the shipped table and ``imports``: paths with their times of change, so that changed files are reread."""
    table = shipped(space)
    for path, _ in imports:
        table = _joined(table, imported.read(path))
    subsets = [column for column in table if column.startswith(SUBSET_PREFIX)]
    return (
        table.astype(dict.fromkeys(subsets, "boolean"))
        .fillna(dict.fromkeys(subsets, False))
        .astype(dict.fromkeys(subsets, bool))
    )


@lru_cache(maxsize=32)
def shipped(space: str) -> pd.DataFrame:
    """Return the shipped table, without rows if there is none."""
    path = TABLES_FOLDER / f"{space}.parquet"
    if not path.exists():
        return pd.DataFrame({"architecture": pd.Series(dtype=str), **{name: pd.Series(dtype=float) for name in COUNTS}})
    table = pd.read_parquet(path)
    return rounded(table.astype(dict.fromkeys(table.select_dtypes("float"), "float64")))


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round the accuracies of a table."""
    percent = table.select_dtypes("float").abs().max() > LARGEST_PLAIN
    return table.round({name: PERCENT_DIGITS if is_percent else PLAIN_DIGITS for name, is_percent in percent.items()})


def _joined(table: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Join two tables by architecture; values that both have (counts) come from ``table``."""
    both = [column for column in more if column in table and column != "architecture"]
    joined = table.merge(more, on="architecture", how="outer", suffixes=("", " imported"))
    for column in both:
        joined[column] = joined[column].combine_first(joined.pop(f"{column} imported"))
    return joined


def known(space: str, task: str) -> pd.DataFrame:
    """Return the architectures whose accuracy on a task is known.

    Args:
        space: Name of the search space.
        task: Name of the task.

    Returns:
        One row per architecture: ``architecture``, ``accuracy``, the :data:`COUNTS`, ``accuracy@EPOCHS`` after early
        stopping, and ``in:NAME`` for subsets.

    Raises:
        UserError: If the space or the task is unknown.

    Example:
        >>> list(known("nasbench-mr", "seg"))[:2]
        ['architecture', 'accuracy']
    """
    find_task(space, task)
    return _known(space, task, version(space)).copy(deep=False)


@lru_cache(maxsize=64)
def _known(space: str, task: str, imports: tuple[tuple[str, int], ...]) -> pd.DataFrame:
    table = _merged(space, imports)
    early = {c: c.replace(f"{task}@", "accuracy@") for c in table if c.startswith(f"{task}@")}
    subsets = [c for c in table if c.startswith(SUBSET_PREFIX)]
    if task not in table:
        table = table.assign(**{task: pd.Series(dtype=float)})
    kept = ["architecture", task, *COUNTS, *early, *subsets]
    return table.loc[table[task].notna(), kept].rename(columns={task: "accuracy", **early}).reset_index(drop=True)


def subsets(space: str) -> list[str]:
    """Return the names of a table's marked subsets, such as the paper's twenty for DPS."""
    return [c.removeprefix(SUBSET_PREFIX) for c in load(space) if c.startswith(SUBSET_PREFIX)]
