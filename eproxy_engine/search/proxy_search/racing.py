"""Racing: the best ρ that a half-evaluated configuration can still reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def attainable_rho(score: NDArray[np.float64], accuracy: NDArray[np.float64], rest: NDArray[np.float64]) -> float:
    """The largest Spearman ρ over all scores that the architectures still to be evaluated might get.

    ``score``, ``accuracy``: shape (k,), of those evaluated. ``rest``: accuracies of the others, shape (n − k,).
    Exact where no accuracies tie. Where some do, any place among their ranks costs nothing: never too low.

    The evaluated ones keep their order by score, and the others are best put among them in order of accuracy: the
    cheapest way of merging two ordered lists, by dynamic programming over how many of each have been placed.
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
    """The lowest and highest rank of each of ``values``, shape (values, 2); they differ where accuracies tie."""
    ascending = np.sort(everything)
    return np.column_stack([np.searchsorted(ascending, values), np.searchsorted(ascending, values, "right") - 1])


def _distance(place: int, rank: NDArray[np.int64]) -> int:
    return int(max(rank[0] - place, place - rank[1], 0))


def extremes_first(accuracy: NDArray[np.float64]) -> NDArray[np.int64]:
    """An order of evaluation: the worst, the best, the second worst … as these tell most about ρ."""
    ascending = np.argsort(accuracy, kind="stable")
    order = np.empty_like(ascending)
    order[::2] = ascending[: (len(ascending) + 1) // 2]
    order[1::2] = ascending[::-1][: len(ascending) // 2]
    return order
