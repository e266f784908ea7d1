"""Reading residual networks from the canonical text and from ``net`` objects of the NDS archive."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from eproxy_engine.spaces.anynet.architecture import Residual, Stage

STAGE = re.compile(r"d([0-9]{1,4})w([0-9]{1,5})(?:b([0-9](?:\.[0-9]{1,9})?)g([0-9]{1,4}))?")
LARGEST_NUMBER = 99_999
"""Largest number in a published net; the notation has no room for larger ones."""


def read(text: str) -> Residual | None:
    """Read a network in the canonical notation, with any numbers; None if ``text`` is in another notation."""
    matches = [STAGE.fullmatch(part) for part in text.split("|")]
    stages = tuple(_stage(*match.groups()) for match in matches if match)
    return Residual(stages) if len(stages) == len(matches) else None


def _stage(depth: str, width: str, ratio: str | None, groups: str | None) -> Stage:
    if ratio is None or groups is None:
        return Stage(int(depth), int(width))
    return Stage(int(depth), int(width), float(ratio), int(groups))


@dataclass(frozen=True)
class PublishedNet:
    """A ``net`` object of the NDS archive: its stem stands first in every list."""

    block: str
    strides: tuple[int, ...]
    stem: Stage
    residual: Residual


def read_net(text: str) -> PublishedNet | None:
    """Read a ``net`` object, with any numbers; None if ``text`` is not one."""
    try:
        return _net(json.loads(text))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _net(net: dict[str, Any]) -> PublishedNet:
    depths, widths, strides = (_integers(net[name]) for name in ("ds", "ws", "ss"))
    stages: list[Stage]
    if net["bot_muls"] or net["num_gs"]:
        ratios, groups = [float(_number(ratio)) for ratio in net["bot_muls"]], _integers(net["num_gs"])
        stages = [Stage(*values) for values in zip(depths, widths, ratios, groups, strict=True)]
    else:
        stages = [Stage(*values) for values in zip(depths, widths, strict=True)]
    if len(strides) != len(stages):
        raise ValueError("a stride for every stage")
    return PublishedNet(str(net["block_type"]), tuple(strides), stages[0], Residual(tuple(stages[1:])))


def _integers(values: list[Any]) -> list[int]:
    numbers = [_number(value) for value in values]
    if any(number != int(number) for number in numbers):
        raise ValueError("whole numbers")
    return [int(number) for number in numbers]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number")
    if not abs(value) <= LARGEST_NUMBER:  # nan is neither
        raise ValueError("a number that a network can have")
    return value
