"""Racing: the best ρ that a half-evaluated configuration can still reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def attainable_rho(score: NDArray[np.float64], accuracy: NDArray[np.float64], rest: NDArray[np.float64]) -> float:
    """Return the largest Spearman ρ over all scores that the remaining architectures might get.

    It is exact if no accuracies tie. Otherwise any place among tied ranks costs nothing, so that it is never too low.

    The evaluated architectures keep their order by score, and the others are best put among them in order of accuracy.
    This is the cheapest merge of two ordered lists, found by dynamic programming over how many of each are placed.

    Args:
        score: Scores of the evaluated architectures, shape (k,).
        accuracy: Accuracies of the evaluated architectures, shape (k,).
        rest: Accuracies of the others, shape (n − k,).
    """
    everything = np.concatenate([accuracy, rest])
    known = _ranks(everything, accuracy)[np.lexsort((accuracy, score))]
    free = _ranks(everything, np.sort(rest))
    cost = np.full((len(known) + 1, len(free) + 1), np.inf)
    cost[0, 0] = 0.0
    for placed_known in range(len(known) + 1):
        for placed_free in range(len(free) + 1):
            place = placed_known + placed_free - 1
            if placed_known:
                step = _distance(place, known[placed_known - 1]) ** 2
                cost[placed_known, placed_free] = cost[placed_known - 1, placed_free] + step
            if placed_free:
                step = _distance(place, free[placed_free - 1]) ** 2
                cost[placed_known, placed_free] = min(
                    cost[placed_known, placed_free], cost[placed_known, placed_free - 1] + step
                )
    n = len(everything)
    return 1.0 - 6.0 * float(cost[-1, -1]) / (n * (n**2 - 1)) if n > 1 else float("nan")


def _ranks(everything: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the lowest and highest rank of each of ``values``, shape (values, 2); they differ where accuracies tie."""
    ascending = np.sort(everything)
    return np.column_stack([np.searchsorted(ascending, values), np.searchsorted(ascending, values, "right") - 1])


def _distance(place: int, rank: NDArray[np.int64]) -> int:
    return int(max(rank[0] - place, place - rank[1], 0))


def extremes_first(accuracy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return an order of evaluation: the worst, the best, the second worst …, because these tell most about ρ."""
    ascending = np.argsort(accuracy, kind="stable")
    order = np.empty_like(ascending)
    order[::2] = ascending[: (len(ascending) + 1) // 2]
    order[1::2] = ascending[::-1][: len(ascending) // 2]
    return order
