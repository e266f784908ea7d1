"""Architectures of NAS-Bench-MR as values: the network code of Ding et al. (2021), 27 numbers.

Their text is, for instance, ``16,64|1*3x128|3*3x32,3x48|2*2x16,3x32,2x16|1*2x96,4x112,1x48,1x80|112``: channels
out of the two convolutions of the stem; for each of the four stages its number of equal modules and, branch by
branch from the highest resolution, residual units x channels; channels of the head.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from eproxy_engine.errors import UserError

STAGES = 4
"""The first has one branch, each later one a branch more."""
REPEATS = (1, 2, 3, 4)
"""How many modules a stage, and units a branch, can have."""
CHANNELS = tuple(range(8, 129, 8))

_TEMPLATE = "|".join(["{},{}", *("{}*" + ",".join(["{}x{}"] * branches) for branches in range(1, STAGES + 1)), "{}"])
_PATTERN = re.compile(re.escape(_TEMPLATE).replace(re.escape("{}"), "([1-9][0-9]{0,3})"))

CHOICES: tuple[tuple[int, ...], ...] = (
    *(CHANNELS, CHANNELS),
    *(choices for branches in range(1, STAGES + 1) for choices in (REPEATS, *(REPEATS, CHANNELS) * branches)),
    CHANNELS,
)
"""What each of the 27 numbers can be, in the order of the text."""


class Stage(NamedTuple):
    """``modules`` equal modules; ``units`` and ``channels`` have one entry a branch, the highest resolution first."""

    modules: int
    units: tuple[int, ...]
    channels: tuple[int, ...]


@dataclass(frozen=True)
class Code:
    """``numbers`` in the order of the text, each one of its :data:`CHOICES`."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return _TEMPLATE.format(*self.numbers)

    @property
    def stem(self) -> tuple[int, int]:
        """Channels out of its two convolutions."""
        return self.numbers[0], self.numbers[1]

    @property
    def stages(self) -> list[Stage]:
        """All four."""
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
        """Channels of the head, which join the branches before the classifier."""
        return self.numbers[-1]


def fused(target: int, branches: int) -> list[int]:
    """Which of ``branches`` a fusion sums into the branch ``target``: its neighbours and itself."""
    return [source for source in (target - 1, target, target + 1) if 0 <= source < branches]


def parse(text: str) -> Code:
    """The code that ``text`` or the benchmark's own JSON names. Raises UserError."""
    match = _PATTERN.fullmatch(_of_json(text) if text.lstrip().startswith("{") else text.strip())
    if match is None:
        raise UserError(
            f"not a NAS-Bench-MR architecture: {text[:200]!r}; accepted: channels of the stem, four stages of "
            f"modules*units x channels a branch and channels of the head, as in {Code(tuple(c[0] for c in CHOICES))}, "
            f"or the benchmark's JSON, where all modules of as many branches are equal"
        )
    numbers = tuple(map(int, match.groups()))
    for number, choices in zip(numbers, CHOICES, strict=True):
        if number not in choices:
            what, accepted = ("channels", "8, 16, 24, …, 128") if choices is CHANNELS else ("repeats", "1 to 4")
            raise UserError(f"{number} {what} in the NAS-Bench-MR architecture {text[:200]!r}; accepted: {accepted}")
    return Code(numbers)


def _of_json(text: str) -> str:
    """The benchmark's ``{"input_channel": …, "inverted_residual_setting": [module …], "last_channel": …}`` as text.

    A module is ``[branches, [units …], [channels …]]``. Nothing if it is no such thing.
    """
    try:
        given = json.loads(text)
        fields = [",".join(map(str, given["input_channel"]))]
        for (branches, units, channels), modules in groupby(given["inverted_residual_setting"]):
            if branches != len(units):
                return ""
            pairs = ",".join(f"{n}x{c}" for n, c in zip(units, channels, strict=True))
            fields.append(f"{len(list(modules))}*{pairs}")
        return "|".join([*fields, str(given["last_channel"])])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
