"""The measured accuracies of a search space, and samples of them.

A table has the columns ``architecture`` (canonical text), ``parameters``, ``flops``, one column a task
(nan where unknown), ``TASK@EPOCHS`` for accuracies after early stopping, and ``in:NAME`` for named subsets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from eproxy_engine.errors import UserError, one_of

TABLES_FOLDER = Path(__file__).parent / "tables"
SUBSET_PREFIX = "in:"
DIGITS = 4
"""Decimals of an accuracy in percent: finer than any benchmark's own spread."""

RULES = {
    "random": "drawn at random",
    "best": "the most accurate",
    "worst": "the least accurate",
    "spread": "evenly spread over the ranking, from worst to best",
    "picked": "picked by hand",
}


@lru_cache(maxsize=8)
def load(space: str) -> pd.DataFrame:
    """The whole table of a search space; treat it as read-only. Raises UserError."""
    path = TABLES_FOLDER / f"{space}.parquet"
    if not path.exists():
        known = sorted(p.stem for p in TABLES_FOLDER.glob("*.parquet"))
        raise UserError(one_of(space, known, "benchmark table"))
    table = pd.read_parquet(path)
    accuracies = table.select_dtypes("float").columns
    return table.astype(dict.fromkeys(accuracies, "float64")).round(dict.fromkeys(accuracies, DIGITS))


def known(space: str, task: str) -> pd.DataFrame:
    """Rows whose accuracy on ``task`` is known: architecture, accuracy, parameters, flops, early stopping, subsets."""
    table = load(space)
    if task not in table.select_dtypes("float") or "@" in task:
        raise UserError(one_of(task, [c for c in table.select_dtypes("float") if "@" not in c], f"task of {space}"))
    rows = table[table[task].notna()].rename(columns={task: "accuracy"})
    early = [c for c in table if c.startswith(f"{task}@")]
    kept = [
        "architecture",
        "accuracy",
        "parameters",
        "flops",
        *early,
        *(c for c in table if c.startswith(SUBSET_PREFIX)),
    ]
    renamed = {c: c.replace(f"{task}@", "accuracy@") for c in early}
    return rows[kept].rename(columns=renamed).reset_index(drop=True)


def subsets(space: str) -> list[str]:
    """Names of the marked subsets of a table, such as the paper's twenty for DPS."""
    return [c.removeprefix(SUBSET_PREFIX) for c in load(space) if c.startswith(SUBSET_PREFIX)]


def drawable(space: str, task: str) -> int:
    """How many architectures of a task a sample can be drawn from: all but those of the marked subsets."""
    return int((~_marked(known(space, task))).sum())


def _marked(rows: pd.DataFrame) -> pd.Series:
    return rows[[c for c in rows if str(c).startswith(SUBSET_PREFIX)]].any(axis=1)


@dataclass(frozen=True)
class Sample:
    """Which architectures of a table. ``rule``: a key of :data:`RULES` or the name of a subset."""

    rule: str = "random"
    size: int = 200
    seed: int = 1
    picked: tuple[str, ...] = field(default=())

    def draw(self, space: str, task: str) -> pd.DataFrame:
        """The sampled rows of :func:`known`. Random samples of one seed are nested: a larger one adds to a smaller one.

        Architectures of a marked subset are drawn by its name (or picked) only, so that a proxy designed on
        the subset is judged on others. Raises UserError for a size outside the table, a rule or a picked
        architecture that is unknown.
        """
        rows = known(space, task)
        if self.rule == "picked":
            return self._picked(rows, space, task)
        if self.rule in subsets(space):
            return rows[rows[SUBSET_PREFIX + self.rule]].reset_index(drop=True)
        rows = rows[~_marked(rows)]
        if not 1 <= self.size <= len(rows):
            raise UserError(
                f"a sample of {self.size} is not possible; accepted: 1 to {len(rows)}, the known architectures"
            )
        return rows.iloc[self._places(rows)].reset_index(drop=True)

    def _places(self, rows: pd.DataFrame) -> np.ndarray:
        if self.rule == "random":
            return np.random.default_rng(self.seed).permutation(len(rows))[: self.size]
        ascending = np.argsort(rows["accuracy"].to_numpy(), kind="stable")
        if self.rule == "best":
            return ascending[::-1][: self.size]
        if self.rule == "worst":
            return ascending[: self.size]
        if self.rule == "spread":
            return ascending[np.linspace(0, len(rows) - 1, self.size).round().astype(int)]
        marked = [str(c).removeprefix(SUBSET_PREFIX) for c in rows if str(c).startswith(SUBSET_PREFIX)]
        raise UserError(one_of(self.rule, [*RULES, *marked], "sampling rule"))

    def _picked(self, rows: pd.DataFrame, space: str, task: str) -> pd.DataFrame:
        if not self.picked:
            raise UserError("no architecture is picked; accepted: at least one")
        unknown = sorted(set(self.picked) - set(rows["architecture"]))
        if unknown:
            raise UserError(f"the accuracy of {unknown[0]!r} on {task} is not known in the table of {space}")
        return rows.set_index("architecture").loc[list(dict.fromkeys(self.picked))].reset_index()
