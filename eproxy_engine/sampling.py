"""Samples of architectures: from what has been measured, or from the whole search space."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.table import SUBSET_PREFIX
from eproxy_engine.errors import UserError, one_of, shown

ANYWHERE = "space"
RULES = {
    "random": "random, of the measured",
    "best": "the most accurate",
    "worst": "the least accurate",
    "spread": "spread over the ranking",
    ANYWHERE: "random, of the whole space",
    "picked": "picked by hand",
}
DEFAULT_SIZE = 200
MOST_UNMEASURED = 50
"""Architectures of a default sample that nothing judges."""
LARGEST_ANYWHERE = 100_000
"""Architectures of the whole space in one sample: each of them is drawn and counted."""
KINDS = {str: "name", int: "whole number", tuple: "list of architectures"}
COUNTED = ("parameters", "flops")
"""What is counted where the table does not say. Activations are not: their networks would have to be built."""
_TRIES = 50
"""Draws for each architecture that is still wanted, before a space counts as exhausted."""


def drawable(space: str, task: str) -> int:
    """How many measured architectures a sample can be drawn from: all but those of the marked subsets."""
    return int((~_marked(benchmarks.known(space, task))).sum())


def drawable_anywhere(space: str, most: int, seed: int = 1) -> int:
    """How many different architectures a sample of the whole space can have, up to ``most``."""
    return len(_different(space, most, seed))


def _marked(rows: pd.DataFrame) -> pd.Series:
    return rows[[c for c in rows if str(c).startswith(SUBSET_PREFIX)]].any(axis=1)


@dataclass(frozen=True)
class Sample:
    """Which architectures of a space. ``rule``: a key of :data:`RULES` or the name of a marked subset."""

    rule: str = "random"
    size: int = DEFAULT_SIZE
    seed: int = 1
    picked: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, kind in (("rule", str), ("size", int), ("seed", int), ("picked", tuple)):
            value = getattr(self, name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise UserError(f"{name} of the sample is {shown(value)}; accepted: a {KINDS[kind]}")
        for text in self.picked:
            if not isinstance(text, str):
                raise UserError(f"picked is {shown(text)}; accepted: architectures as text")

    @classmethod
    def default(cls, space: str, task: str, size: int = DEFAULT_SIZE, seed: int = 1) -> Sample:
        """At random from the measured architectures, or from the whole space where there are none."""
        measured = drawable(space, task)
        if measured:
            return cls("random", min(size, measured), seed)
        return cls(ANYWHERE, min(size, drawable_anywhere(space, MOST_UNMEASURED, seed)), seed)

    def draw(self, space: str, task: str) -> pd.DataFrame:
        """One row an architecture: the columns of :func:`benchmarks.known`, the accuracy nan where it is not known.

        Random samples of one seed are nested: a larger one adds to a smaller one. Architectures of a marked subset
        are drawn by its name (or picked) only, so that a proxy designed on the subset is judged on others. Parameters
        and FLOPs that the table does not have are counted. Raises UserError for a size that cannot be had, an unknown
        rule or a picked text that is not an architecture.
        """
        return _kept(self, space, task, benchmarks.version(space)).copy(deep=False)

    def extremes(self, space: str, task: str, count: int) -> Sample:
        """Its ``count`` most and least accurate architectures, most accurate first. Raises UserError."""
        known = self.draw(space, task).dropna(subset=["accuracy"]).sort_values("accuracy", ascending=False)
        if not 1 <= count <= len(known) // 2:
            raise UserError(f"the {count} best and worst of {len(known)}; accepted: 1 to {len(known) // 2}")
        ordered = known["architecture"].tolist()
        picked = (*ordered[:count], *ordered[-count:])
        return Sample("picked", len(picked), self.seed, picked)

    def _drawn(self, space: str, task: str) -> pd.DataFrame:
        rows = benchmarks.known(space, task)
        if self.rule == "picked":
            return _looked_up(rows, self._picked(space))
        if self.rule in benchmarks.subsets(space):
            return rows[rows[SUBSET_PREFIX + self.rule]]
        if self.rule == ANYWHERE:
            return _looked_up(rows, _from_the_space(space, self.size, self.seed))
        rows = rows[~_marked(rows)]
        if rows.empty:
            raise UserError(
                f"no accuracy on {task} is known in {space}; accepted: the rules {ANYWHERE} and picked. "
                f"{spaces.get(space).ground_truth_hint}"
            )
        if not 1 <= self.size <= len(rows):
            raise UserError(
                f"a sample of {self.size} is not possible; accepted: 1 to {len(rows)}, the known architectures"
            )
        return rows.iloc[self._places(rows)]

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

    def _picked(self, space: str) -> list[str]:
        if not self.picked:
            raise UserError("no architecture is picked; accepted: at least one")
        return list(dict.fromkeys(str(spaces.get(space).parse(text)) for text in self.picked))


@lru_cache(maxsize=32)
def _kept(sample: Sample, space: str, task: str, version: tuple[tuple[str, int], ...]) -> pd.DataFrame:
    """A comparison draws the same sample for each of its proxies."""
    return _with_counts(space, sample._drawn(space, task)).reset_index(drop=True)


def _from_the_space(space: str, size: int, seed: int) -> tuple[str, ...]:
    """Different architectures, in the order in which the space draws them."""
    if not 1 <= size <= LARGEST_ANYWHERE:
        raise UserError(f"a sample of {size} is not possible; accepted: 1 to {LARGEST_ANYWHERE:,}")
    found = _different(space, size, seed)
    if len(found) < size:
        raise UserError(
            f"a sample of {size} is not possible; accepted: 1 to {len(found)}, all that {space} seems to have"
        )
    return found


@lru_cache(maxsize=64)
def _different(space: str, most: int, seed: int) -> tuple[str, ...]:
    """At most so many; fewer where the space seems to have no others."""
    family, rng = spaces.get(space), np.random.default_rng(seed)
    found: dict[str, None] = {}
    for _ in range(_TRIES * most):
        if len(found) == most:
            break
        found[str(family.sample(rng))] = None
    return tuple(found)


def _looked_up(rows: pd.DataFrame, texts: tuple[str, ...] | list[str]) -> pd.DataFrame:
    """The rows of the architectures in ``texts``, in that order; nan where the table does not have one."""
    found = rows.set_index("architecture").reindex(list(texts)).rename_axis("architecture").reset_index()
    marks = [c for c in found if str(c).startswith(SUBSET_PREFIX)]
    return found.assign(**{mark: found[mark].eq(True) for mark in marks})


def _with_counts(space: str, rows: pd.DataFrame) -> pd.DataFrame:
    missing = rows[list(COUNTED)].isna().any(axis=1)
    if missing.any():
        counts = [_counts(space, text) for text in rows.loc[missing, "architecture"]]
        rows = rows.copy()
        rows.loc[missing, list(COUNTED)] = np.array(counts, dtype=float)
    return rows.astype(dict.fromkeys(COUNTED, "int64"))


@lru_cache(maxsize=100_000)
def _counts(space: str, text: str) -> tuple[int, int]:
    family = spaces.get(space)
    counts = family.counts(family.parse(text))
    return counts.parameters, counts.flops
