"""Sentences that say what the numbers show, whatever the result."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.charts.layout import rounded
from app.views.difference import verdict
from eproxy_engine.statistics import Difference, Estimate

OVERLAP = 0.02
"""Share below which a difference of final losses counts as none."""
NO_ORDER = 0.1
"""|ρ| below which one order says nothing about another."""
GUESSING = 0.05
"""Distance from one half below which a share of right pairs is no better than a coin."""


def apart(good: float, bad: float) -> str:
    """Compare two losses; a non-finite one has diverged.

    >>> apart(0.75, 1.0)
    'the good one is 25% lower, as it should be'
    >>> apart(1.0, 0.5)
    'the bad one is 50% lower: the wrong way round'
    >>> apart(1.0, 1.01)
    'the two are within 2% of each other: they overlap'
    >>> apart(1.0, float("inf"))
    'the bad one has diverged, which ranks it last, as it should be'
    """
    if not math.isfinite(good) and not math.isfinite(bad):
        return "both have diverged: nothing tells them apart"
    if not math.isfinite(bad):
        return "the bad one has diverged, which ranks it last, as it should be"
    if not math.isfinite(good):
        return "the good one has diverged, which ranks it last: the wrong way round"
    low, high = sorted((good, bad))
    share = 1 - low / high if high > 0 else 0.0
    if share < OVERLAP:
        return f"the two are within {OVERLAP:.0%} of each other: they overlap"
    if good < bad:
        return f"the good one is {share:.0%} lower, as it should be"
    return f"the bad one is {share:.0%} lower: the wrong way round"


def pairs(share: float) -> str:
    """Say what a share of pairs in the right order means.

    >>> pairs(0.52)
    '**52%** are in the right order: no better than a coin'
    >>> pairs(0.4)
    '**40%** are in the right order: worse than a coin'
    """
    if math.isnan(share):
        return "none can be judged yet"
    verdict = "no better" if abs(share - 0.5) < GUESSING else "better" if share > 0.5 else "worse"
    return f"**{share:.0%}** are in the right order: {verdict} than a coin"


def told(estimate: Estimate) -> str:
    """Format ρ and its interval.

    >>> told(Estimate(0.5, 0.4, 0.6)), told(Estimate(-0.25, float("nan"), float("nan")))
    ('0.50 [0.40, 0.60]', '−0.25')
    """
    if math.isnan(estimate.value):
        return "undefined"
    if math.isnan(estimate.low):
        return rounded(estimate.value)
    return f"{rounded(estimate.value)} [{rounded(estimate.low)}, {rounded(estimate.high)}]"


def in_order(rho: float) -> str:
    """Say in words how well one order agrees with another.

    >>> in_order(0.63), in_order(0.05), in_order(-0.31)
    ('the good ones gather on the right', 'there is no order', 'the good ones gather on the wrong side')
    """
    if math.isnan(rho):
        return "all are equal"
    if abs(rho) < NO_ORDER:
        return "there is no order"
    return "the good ones gather on the right" if rho > 0 else "the good ones gather on the wrong side"


def flipped(difference: Difference) -> str:
    """Answer whether to read the exercise without the barrier upside down.

    ``difference``: ρ with the barrier, and ρ without it after its sign was flipped.

    >>> flipped(Difference(0.625, 0.3125, 0.125, 0.5, 0.99, 200))
    'without the barrier ρ would be 0.31, and the barrier is ahead by 0.31 [0.12, 0.50]: more than chance explains'
    """
    ahead = verdict(difference, "the barrier", "the flipped order")
    return f"without the barrier ρ would be {rounded(difference.second)}, and {ahead}"


def listed(parts: Sequence[str]) -> str:
    """Join parts as ``a, b and c``.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
