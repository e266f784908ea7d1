"""LaNAS (Wang et al. 2019, 2021): Monte Carlo tree search whose actions are learned splits of the search space."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.search.strategies.candidate import Decided, Strategy, T
from eproxy_engine.search.strategies.decisions import one_hot
from eproxy_engine.search.strategies.pool import Places, Pool

Floats = NDArray[np.float64]
SPLITS = 4
"""Splits on the way to a leaf: the published tree has five levels, and 16 leaves."""
EXPLORATION = 0.1
"""The constant c of the upper confidence bound."""
RIDGE = 10.0
"""Penalty of the squared weights, in place of a gradient descent that is stopped early. With hardly any, a regression
that has seen few points can keep the best in the worst part for thousands of queries."""
DIGITS = 9
"""Decimals of predictions and of upper bounds."""


def lanas(
    domain: Decided[T], seed: int, first: int = 10, batch: int = 20, known: Mapping[T, float] | None = None
) -> Strategy[T]:
    """Yield random candidates, then learn a tree of splits, draw ``batch`` from the leaves it leads to, learn again …

    A node splits its part of the space by a linear regression on the one-hot decisions of what was asked for there:
    good is what it predicts above the mean. From the root, the part with the higher upper confidence bound is
    followed; in the leaf all points that nobody asked for are equally likely. The numbers are those of the paper's
    code for NAS-Bench-101. That updates the mean of a part with every query; here, means change with the tree and
    visits at once, so that the candidates of one tree can be trained side by side. The fitness counts from 0 (the
    worst so far) to 1 (the best), so that its unit does not matter.

    Args:
        domain: The searched set.
        seed: Seed of all draws.
        first: Number of random candidates, those ``known`` among them.
        batch: Number of candidates between two trees.
        known: Fitness of points that are known beforehand.
    """
    rng = np.random.default_rng(seed)
    pool = Pool(domain, known or {}, rng)
    features = one_hot(pool.decisions).astype(float)
    yield from pool.ask_first(first, rng)
    while len(pool.free):
        root = learned(features, np.array(pool.asked), pool.scaled, rng.permutation(pool.free))
        count = min(batch, len(pool.free))
        yield from pool.ask(np.array([root.draw() for _ in range(count)]))


@dataclass
class Region:
    """A node of the tree: a part of the space."""

    value: float
    """Mean fitness of the points asked for, or of the node above if there is none."""
    visits: int
    """Number of the points asked for, and of those drawn since."""
    new: list[int]
    """Places of the points that nobody asked for, in random order."""
    parts: list[Region] = field(default_factory=list)
    """The good one and the bad one; none in a leaf."""

    def draw(self) -> int:
        """Return the place of a new point, and count the visit."""
        leaf = self
        while leaf.parts:
            leaf.visits += 1
            leaf = max((part for part in leaf.parts if part.left), key=leaf.upper_bound)
        leaf.visits += 1
        return leaf.new.pop()

    @property
    def left(self) -> int:
        """Number of points that can still be drawn."""
        return sum(part.left for part in self.parts) if self.parts else len(self.new)

    def upper_bound(self, part: Region) -> float:
        """Return the upper confidence bound of one of the parts (UCT)."""
        if not part.visits:
            return math.inf
        return round(part.value + 2 * EXPLORATION * math.sqrt(2 * math.log(self.visits) / part.visits), DIGITS)


def learned(
    features: Floats, asked: Places, fitness: Floats, new: Places, splits: int = SPLITS, above: float = 0.0
) -> Region:
    """Learn a tree.

    Args:
        features: Of all n points, shape (n, d).
        asked: Places of the points asked for, shape (m,).
        fitness: Their fitness, from 0 to 1, shape (m,).
        new: Places of those that nobody asked for, shape (n - m,).
        splits: Splits on the way to a leaf. A part whose points asked for are all predicted alike is not split.
        above: Value of a part without points asked for.
    """
    region = Region(float(fitness.mean()) if len(asked) else above, len(asked), new.tolist())
    if splits and len(asked) > 1 and len(new):
        predict = regression(features[asked], fitness)
        good, good_new = (predict(features[places]) >= round(region.value, DIGITS) for places in (asked, new))
        if not good.all():
            region.parts = [
                learned(features, asked[here], fitness[here], new[there], splits - 1, region.value)
                for here, there in ((good, good_new), (~good, ~good_new))
            ]
    return region


def regression(features: Floats, fitness: Floats) -> Callable[[Floats], Floats]:
    """Fit a linear regression with intercept; return what predicts from features, shape (k, d), to shape (k,)."""
    center = features.mean(0)
    centred = features - center
    weights = np.linalg.solve(
        centred.T @ centred + RIDGE * np.eye(features.shape[1]), centred.T @ (fitness - fitness.mean())
    )
    return lambda others: ((others - center) @ weights + fitness.mean()).round(DIGITS)
