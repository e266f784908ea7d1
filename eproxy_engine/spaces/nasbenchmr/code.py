"""Architectures of NAS-Bench-MR as values: the network code of Ding et al. (2021), 27 numbers.

The text is, for instance, ``16,64|1*3x128|3*3x32,3x48|2*2x16,3x32,2x16|1*2x96,4x112,1x48,1x80|112``: output
channels of the stem's two convolutions; for each of the four stages its number of equal modules and, branch by
branch from the highest resolution, residual units x channels; channels of the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

STAGES = 4
"""Number of stages; the first has one branch, each later one a branch more."""
TEMPLATE = "|".join(["{},{}", *("{}*" + ",".join(["{}x{}"] * branches) for branches in range(1, STAGES + 1)), "{}"])
"""Format of the text, with a place for each number."""


class Stage(NamedTuple):
    """``modules`` equal modules; ``units`` and ``channels`` have one entry per branch, highest resolution first."""

    modules: int
    units: tuple[int, ...]
    channels: tuple[int, ...]


@dataclass(frozen=True)
class Code:
    """Network code: its ``numbers`` in the order of the text."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return TEMPLATE.format(*self.numbers)

    @property
    def stem(self) -> tuple[int, int]:
        """Output channels of the stem's two convolutions."""
        return self.numbers[0], self.numbers[1]

    @property
    def stages(self) -> list[Stage]:
        """The four stages."""
        stages, place = [], 2
        for branches in range(1, STAGES + 1):
            end = place + 1 + 2 * branches
            stages.append(
                Stage(self.numbers[place], self.numbers[place + 1 : end : 2], self.numbers[place + 2 : end : 2])
            )
            place = end
        return stages

    @property
    def last(self) -> int:
        """Channels of the head, which joins the branches before the classifier."""
        return self.numbers[-1]


def fused(target: int, branches: int) -> list[int]:
    """Return the branches that a fusion sums into the branch ``target``: itself and its neighbours."""
    return [source for source in (target - 1, target, target + 1) if 0 <= source < branches]
