"""Samples of architectures, from the measured ones or from the whole search space."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.table import SUBSET_PREFIX
from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.spaces import famous

ANYWHERE = "space"
FAMOUS = "famous"
RULES = {
    "random": "random, of the measured",
    "best": "the most accurate",
    "worst": "the least accurate",
    "spread": "spread over the ranking",
    ANYWHERE: "random, of the whole space",
    FAMOUS: "famous networks among others",
    "picked": "picked by hand",
}
DEFAULT_SIZE = 200
MOST_UNMEASURED = 50
"""Size of a default sample without measured accuracies."""
LARGEST_ANYWHERE = 100_000
"""Maximum size of a sample of the whole space: each architecture is drawn and counted."""
KINDS = {str: "name", int: "whole number", tuple: "list of architectures"}
COUNTED = ("parameters", "flops")
"""Columns that are counted where the table lacks them. Activations are not, because they need a built network."""
_TRIES = 50
"""Draws per missing architecture before a space counts as exhausted."""


def drawable(space: str, task: str) -> int:
    """Count the measured architectures that a sample can be drawn from: all but those of the marked subsets."""
    return _drawable(space, task, benchmarks.version(space))


@lru_cache(maxsize=64)
def _drawable(space: str, task: str, version: tuple[tuple[str, int], ...]) -> int:
    return int((~_marked(benchmarks.known(space, task))).sum())


def drawable_anywhere(space: str, most: int, seed: int = 1) -> int:
    """Count the different architectures that a sample of the whole space can have, up to ``most``."""
    return len(_different(space, most, seed))


def _marked(rows: pd.DataFrame) -> pd.Series:
    return rows[[c for c in rows if str(c).startswith(SUBSET_PREFIX)]].any(axis=1)


@dataclass(frozen=True)
class Sample:
    """Immutable specification of a sample of architectures.

    Args:
        rule: A key of :data:`RULES` or the name of a marked subset.
        size: Number of architectures; for a picked sample always that of those picked, and a marked subset has its own.
            With the rule ``famous``, the number of random ones beside the famous networks, which can be 0.
        seed: Seed of random draws.
        picked: Architectures as text, for the rule ``picked``.

    Raises:
        UserError: If a value has the wrong type.

    Example:
        >>> Sample("random", size=3, seed=1).draw("nasbench201", "cifar10").shape[0]
        3
    """

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
        if self.rule == "picked":
            object.__setattr__(self, "size", len(self.picked))

    @classmethod
    def default(cls, space: str, task: str, size: int = DEFAULT_SIZE, seed: int = 1) -> Sample:
        """Return a random sample of the measured architectures, or of the whole space if there are none.

        Args:
            space: Name of the search space.
            task: Name of the task.
            size: Size, at least 1, limited to the measured architectures or to :data:`MOST_UNMEASURED` of the whole
                space.
            seed: Seed of the draw.
        """
        measured, size = drawable(space, task), max(size, 1)
        if measured:
            return cls("random", min(size, measured), seed)
        return cls(ANYWHERE, min(size, drawable_anywhere(space, MOST_UNMEASURED, seed)), seed)

    def draw(self, space: str, task: str) -> pd.DataFrame:
        """Draw the sample.

        Random samples of one seed are nested: a larger one adds to a smaller one. Architectures of a marked subset
        are drawn only by its name or picked, so that a proxy designed on the subset is judged on others.

        Args:
            space: Name of the search space.
            task: Name of the task.

        Returns:
            One row per architecture with the columns of :func:`benchmarks.known`; unknown accuracies are nan.
            Parameters and FLOPs that the table lacks are counted.

        Raises:
            UserError: If the size is not available, the rule is unknown, or a picked text is not an architecture.
        """
        return _kept(self, space, task, benchmarks.version(space)).copy(deep=False)

    def extremes(self, space: str, task: str, count: int) -> Sample:
        """Return a sample of the ``count`` most and ``count`` least accurate architectures, most accurate first.

        Raises:
            UserError: If ``count`` is below 1 or above half of the known accuracies.
        """
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
        if self.rule == FAMOUS:
            return _looked_up(rows, list(dict.fromkeys([*famous.listed(space), *self._beside_the_famous(space, task)])))
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

    def _beside_the_famous(self, space: str, task: str) -> list[str]:
        """Return the random ones: of the measured architectures, or of the whole space if there are none."""
        if self.size == 0:
            return []
        rule = "random" if drawable(space, task) else ANYWHERE
        return list(Sample(rule, self.size, self.seed).draw(space, task)["architecture"])

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
    """Draw the sample once: a comparison needs it for each of its proxies."""
    return _with_counts(space, sample._drawn(space, task)).reset_index(drop=True)


def _from_the_space(space: str, size: int, seed: int) -> tuple[str, ...]:
    """Draw different architectures, in the order in which the space draws them."""
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
    """Draw up to ``most`` different architectures; fewer if the space seems to have no more."""
    family, rng = spaces.get(space), np.random.default_rng(seed)
    found: dict[str, None] = {}
    for _ in range(_TRIES * most):
        if len(found) == most:
            break
        found[str(family.sample(rng))] = None
    return tuple(found)


def _looked_up(rows: pd.DataFrame, texts: tuple[str, ...] | list[str]) -> pd.DataFrame:
    """Return the rows of the architectures in ``texts``, in that order; nan for those missing from the table."""
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
