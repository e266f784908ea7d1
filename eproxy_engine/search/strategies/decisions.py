"""Points as the choices that make them up: what the searchers of earlier papers learn from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.search.strategies.candidate import Decided, T

DRAWN = 20_000
"""Random points that stand for a domain too large to be listed."""


def points(domain: Decided[T], rng: np.random.Generator) -> list[T]:
    """Return all points of a domain, or :data:`DRAWN` random ones, without repeats, if they are too many."""
    listed = domain.listed()
    return list(dict.fromkeys(domain.sample(rng) for _ in range(DRAWN)) if listed is None else listed)


def one_hot(sequences: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Encode choices by zeros and ones.

    Args:
        sequences: For each of n points its choices, in order; they may differ in number.

    Returns:
        One column for each place and choice that some points have and others do not, shape (n, d).

    Example:
        >>> one_hot([("a", "x"), ("b", "x"), ("a",)]).astype(int).tolist()
        [[1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 1, 0]]
    """
    columns = []
    for place in zip_longest(*sequences, fillvalue=""):
        column = np.array(place)
        found = np.unique(column)
        columns += [column == choice for choice in found] if len(found) > 1 else []
    return np.column_stack(columns).astype(np.float32) if columns else np.zeros((len(sequences), 0), np.float32)
