"""Sentences about a paired difference: who is ahead on the same architectures, and whether it may be chance."""

from __future__ import annotations

import math

from app.charts.layout import rounded
from eproxy_engine.statistics import Difference


def told(difference: Difference, sign: bool = True) -> str:
    """Format a difference and its paired 95% interval.

    >>> told(Difference(0.75, 0.5, 0.125, 0.4, 0.99, 40)), told(Difference(0.5, 0.75, math.nan, math.nan, math.nan, 4))
    ('+0.25 [0.12, 0.40]', '−0.25')

    An interval that ends just above 0 is not to be read as one that includes it:

    >>> told(Difference(0.75, 0.65, 0.002, 0.2, 0.98, 40))
    '+0.100 [0.002, 0.200]'
    """
    if math.isnan(difference.value):
        return "undefined"
    digits = 3 if difference.beyond_chance and min(abs(difference.low), abs(difference.high)) < 0.005 else 2
    value = rounded(difference.value, digits)
    value = f"+{value}" if sign and difference.value >= 0.5 * 10**-digits else value
    if not difference.known:
        return value
    return f"{value} [{rounded(difference.low, digits)}, {rounded(difference.high, digits)}]"


def verdict(difference: Difference, first: str = "the barrier", second: str = "no barrier") -> str:
    """Say which of two is ahead, by how much, and whether more than chance shows.

    >>> verdict(Difference(0.63, -0.33, 0.7, 1.2, 1.0, 40))
    'the barrier is ahead by 0.96 [0.70, 1.20]: more than chance explains'
    >>> verdict(Difference(0.87, 0.89, -0.15, 0.1, 0.37, 20))
    'no barrier is ahead by 0.02 [−0.10, 0.15]: it may be chance, as the interval of the difference includes 0'
    """
    if math.isnan(difference.value):
        return "there is not enough to compare"
    if difference.value < 0:
        difference, first = difference.reversed(), second
    if not difference.known:
        return f"{first} is ahead by {rounded(difference.value)}, on too few architectures to tell it from chance"
    if difference.beyond_chance:
        return f"{first} is ahead by {told(difference, sign=False)}: more than chance explains"
    if rounded(difference.value) == "0.00":
        return f"both are the same to two digits, {told(difference, sign=False)}"
    return (
        f"{first} is ahead by {told(difference, sign=False)}: it may be chance, as the interval of the difference "
        "includes 0"
    )
