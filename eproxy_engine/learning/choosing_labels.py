"""Which candidates to measure first."""

from __future__ import annotations

import numpy as np

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models.gaussian_process import Kernel
from eproxy_engine.learning.normal_scores import Floats

MOST_COMPARED = 2_000
"""Candidates that are compared with each other; of more, that many are drawn at random."""
OFFERED = 0.7
"""Share of the allowed candidates among which a draw may choose, so that draws differ."""


def at_random(allowed: Places, count: int, rng: np.random.Generator) -> Places:
    """Draw different candidates, shape (count,), from the ``allowed`` ones."""
    return rng.permutation(allowed)[:count]


def facility_location(
    candidates: Candidates,
    allowed: Places,
    count: int,
    rng: np.random.Generator,
    chosen: Places | None = None,
    offered: float = OFFERED,
    kernel: Kernel | None = None,
) -> Places:
    """Choose candidates that are similar to as many others as possible: greedy facility location.

    Each one is the candidate that raises the sum of all candidates' similarity to the nearest chosen one most.

    Args:
        candidates: All of them.
        allowed: Those that may be chosen.
        count: How many to choose.
        rng: Draws the share among which it chooses, and the compared ones of more than :data:`MOST_COMPARED`.
        chosen: Those chosen before, which count as chosen but are not returned.
        offered: Share of the allowed ones among which it chooses.
        kernel: Whose covariance, as correlation, is the similarity.

    Returns:
        The newly chosen ones in the order of choice, shape (count,), or fewer if fewer are allowed.
    """
    compared = rng.permutation(len(candidates))[:MOST_COMPARED]
    free = rng.permutation(np.setdiff1d(allowed, [] if chosen is None else chosen))
    nearest = np.full(len(compared), -1.0)
    if chosen is not None and len(chosen):
        nearest = _similarity(candidates, compared, chosen, kernel).max(axis=1)
    split = max(1, min(int(offered * len(free)), MOST_COMPARED))
    found = list[np.intp]()
    for choices in (free[:split], free[split:]):  # the others only where all of the offered ones are chosen
        wanted = min(count - len(found), len(choices))
        if wanted > 0:
            similarity, places = _similarity(candidates, compared, choices, kernel), list[int]()
            for _ in range(wanted):
                gains = np.maximum(similarity, nearest[:, None]).sum(axis=0)
                gains[places] = -np.inf
                places.append(int(np.argmax(gains)))
                nearest = np.maximum(nearest, similarity[:, places[-1]])
            found += list(choices[places])
    return np.array(found, dtype=np.intp)


def _similarity(candidates: Candidates, rows: Places, columns: Places, kernel: Kernel | None) -> Floats:
    """Return the correlation of candidates, shape (rows, columns)."""
    kernel = kernel or Kernel()
    scale = np.sqrt(kernel.variances(candidates))
    return kernel.between(candidates, rows, columns) / scale[rows, None] / scale[None, columns]
