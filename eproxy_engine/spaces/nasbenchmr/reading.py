"""Reading NAS-Bench-MR codes from the canonical text and from the benchmark's JSON."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import Any

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.formats import plain_values
from eproxy_engine.spaces.nasbenchmr.code import STAGES, TEMPLATE, Code

REPEATS = (1, 2, 3, 4)
"""Possible numbers of modules in a stage and of units in a branch."""
CHANNELS = tuple(range(8, 129, 8))

CHOICES: tuple[tuple[int, ...], ...] = (
    *(CHANNELS, CHANNELS),
    *(choices for branches in range(1, STAGES + 1) for choices in (REPEATS, *(REPEATS, CHANNELS) * branches)),
    CHANNELS,
)
"""Accepted values of each of the 27 numbers, in the order of the text."""
_PATTERN = re.compile(re.escape(TEMPLATE).replace(re.escape("{}"), "([1-9][0-9]{0,3})"))


def parse(text: str) -> Code:
    """Read a code from the canonical text or the benchmark's own JSON. Raises UserError."""
    given = text.strip()
    match = _PATTERN.fullmatch(given) or _PATTERN.fullmatch(_of_values(plain_values(given)))
    if match is None:
        raise UserError(
            f"not a NAS-Bench-MR architecture: {text[:200]!r}; accepted: channels of the stem, four stages of "
            f"modules*units x channels per branch and channels of the head, as in "
            f"{Code(tuple(c[0] for c in CHOICES))}, or the benchmark's JSON, with equal modules within each stage"
        )
    numbers = tuple(map(int, match.groups()))
    for number, choices in zip(numbers, CHOICES, strict=True):
        if number not in choices:
            what, accepted = ("channels", "8, 16, 24, …, 128") if choices is CHANNELS else ("repeats", "1 to 4")
            raise UserError(f"{number} {what} in the NAS-Bench-MR architecture {text[:200]!r}; accepted: {accepted}")
    return Code(numbers)


def _of_values(given: Any) -> str:
    """Turn the content of the benchmark's JSON into the canonical text; an empty text if it is something else.

    The JSON is ``{"input_channel": …, "inverted_residual_setting": [module …], "last_channel": …}``, where a module is
    ``[branches, [units …], [channels …]]``.
    """
    try:
        fields = [",".join(map(str, given["input_channel"]))]
        for (branches, units, channels), modules in groupby(given["inverted_residual_setting"]):
            if branches != len(units):
                return ""
            pairs = ",".join(f"{n}x{c}" for n, c in zip(units, channels, strict=True))
            fields.append(f"{len(list(modules))}*{pairs}")
        return "|".join([*fields, str(given["last_channel"])])
    except (ValueError, TypeError, KeyError):
        return ""


def write_json(code: Code) -> str:
    """Write the benchmark's JSON."""
    modules = [
        [len(stage.units), list(stage.units), list(stage.channels)]
        for stage in code.stages
        for _ in range(stage.modules)
    ]
    return json.dumps(
        {"input_channel": list(code.stem), "inverted_residual_setting": modules, "last_channel": code.last}
    )
