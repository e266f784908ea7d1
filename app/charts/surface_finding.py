"""How loss surfaces differ, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.charts.shown import Shown
from app.charts.surface_titles import figures

ALIKE = 0.05
"""Share below which two measures count as the same."""


def finding(shown: Sequence[Shown]) -> str:
    """Say in words how the surfaces differ, where all of them are complete.

    By ruggedness and depth of log₁₀ of the loss, which do not depend on its scale.
    """
    if not shown or not all(each.landscape.complete for each in shown):
        return "Loss surfaces, not complete yet" if shown else "Loss surfaces"
    if len(shown) == 1:
        side = "with" if shown[0].barrier else "without"
        return f"Ruggedness of log₁₀ loss: {figures(_rough(shown[0]))} {side} the barrier"
    if len(shown) == 2:
        one, other = shown
        return _with_and_without(*shown) if one.barrier != other.barrier else _two_networks(one, other)
    sides = {barrier: [each for each in shown if each.barrier == barrier] for barrier in (True, False)}
    if all(len(each) == 2 for each in sides.values()):
        apart = {barrier: _factor(*map(_rough, each)) for barrier, each in sides.items()}
        more = "more" if apart[True] > apart[False] else "no more"
        return (
            f"The two networks differ {more} with the barrier than without:<br>in roughness by a factor of "
            f"{figures(apart[True])} against {figures(apart[False])}"
        )
    return f"{len(shown)} loss surfaces of the same directions"


def named(shown: Shown) -> str:
    """Return the name of the architecture in a title such as ``best (93.7), with barrier``."""
    return shown.title.rpartition(", ")[0]


def _with_and_without(one: Shown, other: Shown) -> str:
    on, off = (one, other) if one.barrier else (other, one)
    rough = _ratio(_rough(on), _rough(off))
    deep, shallow = (each.landscape.measures.log_range for each in (on, off))
    return (
        f"With the barrier the surface is {_compared(rough, 'rougher', 'smoother', 'as rough')} than without,<br>"
        f"and highest over lowest loss is {figures(10**deep)} instead of {figures(10**shallow)}"
    ).replace("as rough than without", "as rough as without")


def _two_networks(one: Shown, other: Shown) -> str:
    side = "With" if one.barrier else "Without"
    low = _ratio(one.landscape.centre_loss, other.landscape.centre_loss)
    rough = _ratio(_rough(one), _rough(other))
    ends = _compared(low, "higher", "lower", "equally low")
    ground = _compared(rough, "rougher", "smoother", "equally rough")
    return f"{side} the barrier, {named(one)} ends {ends} than {named(other)},<br>on {ground} ground".replace(
        f"equally low than {named(other)}", f"as low as {named(other)}"
    )


def _compared(ratio: float, more: str, less: str, alike: str) -> str:
    """Say how one measure compares with another.

    >>> _compared(2.7, "rougher", "smoother", "as rough"), _compared(0.5, "rougher", "smoother", "as rough")
    ('2.7 times rougher', '2.0 times smoother')
    >>> _compared(1.25, "rougher", "smoother", "as rough"), _compared(1.01, "rougher", "smoother", "as rough")
    ('25% rougher', 'as rough')
    >>> _compared(float("inf"), "rougher", "smoother", "as rough"), _compared(0.0, "rougher", "smoother", "as rough")
    ('rougher', 'smoother')
    """
    if np.isnan(ratio):
        return alike
    if ratio in (0, np.inf):
        return more if ratio else less
    factor = ratio if ratio >= 1 else 1 / ratio
    if factor < 1 + ALIKE:
        return alike
    how = f"{figures(factor)} times" if factor >= 2 else f"{factor - 1:.0%}"
    return f"{how} {more if ratio > 1 else less}"


def _rough(shown: Shown) -> float:
    return shown.landscape.measures.log_ruggedness


def _factor(one: float, other: float) -> float:
    ratio = _ratio(one, other)
    return max(ratio, 1 / ratio) if ratio > 0 else float("inf")


def _ratio(one: float, other: float) -> float:
    """Return how often one measure, of 0 or more, has the other; nan if either is unknown."""
    if one == other:
        return 1.0
    return one / other if other else one * float("inf")
