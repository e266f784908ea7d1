"""What other search spaces teach about a panel's scores: weights for a ranking without any label."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.learning.normal_scores import Floats, normal_scores
from eproxy_engine.learning.panels.panel import SIZES
from eproxy_engine.learning.panels.shipped import shipped

PENALTY = 0.1
"""Ridge penalty over the variance of a score."""
MOST_ROWS = 2_000
"""Networks of a space that teach."""


def taught_ranking(space: str, scores: pd.DataFrame) -> Floats:
    """Rank architectures by what the shipped panels of other families teach.

    Args:
        space: Name of the search space; its family teaches nothing.
        scores: One row per architecture, one column per score.

    Returns:
        Weighted sum of the scores' normal scores, shape (n,); zeros if nothing can be learned.
    """
    names = tuple(scores.columns)
    weights = taught_weights(spaces.get(space).family, names)
    return np.asarray(_ranked(scores) @ np.array([weights.get(name, 0.0) for name in names]))


@lru_cache(maxsize=64)
def taught_weights(left_out: str, names: tuple[str, ...]) -> dict[str, float]:
    """Return the weight of each score, the mean over families, spaces and tasks of ridge regression.

    Args:
        left_out: Family whose spaces teach nothing.
        names: Scores of the panel; those that a space lacks get their weight from the others.
    """
    by_family: dict[str, list[pd.Series]] = {}
    for name in spaces.names():
        family = spaces.get(name).family
        if family != left_out and shipped(name) is not None:
            by_family.setdefault(family, []).append(_weights(name, names))
    if not by_family:
        return {}
    means = [pd.concat(each, axis=1).mean(axis=1) for each in by_family.values()]
    return {str(name): float(weight) for name, weight in pd.concat(means, axis=1).mean(axis=1).items()}


def _weights(space: str, names: Sequence[str]) -> pd.Series:
    """Return the mean weights over the tasks of one space."""
    ships = shipped(space)
    assert ships is not None
    each = []
    for task in spaces.get(space).tasks:
        known = benchmarks.known(space, task.name).set_index("architecture")
        table = known[["accuracy", *SIZES]].join(ships.table, how="inner").head(MOST_ROWS)
        present = [name for name in names if name in table]
        if len(table) > len(names) and table["accuracy"].nunique() > 1:
            ranked = _ranked(table[present])
            target = normal_scores(table["accuracy"])
            weights = np.linalg.solve(
                ranked.T @ ranked / len(table) + PENALTY * np.eye(len(present)), ranked.T @ target / len(table)
            )
            each.append(pd.Series(weights, index=present))
    return pd.concat(each, axis=1).mean(axis=1) if each else pd.Series(dtype=float)


def _ranked(scores: pd.DataFrame) -> Floats:
    """Return normal scores by column, divided by their deviation; zeros where a column is constant."""
    ranked = np.column_stack([normal_scores(scores[name]) for name in scores])
    deviation = ranked.std(axis=0)
    return np.divide(ranked, deviation, out=np.zeros_like(ranked), where=deviation > 1e-12)
