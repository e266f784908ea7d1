"""Reading residual networks from the canonical text and from ``net`` objects of the NDS archive, and writing these."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from eproxy_engine.spaces.anynet.architecture import Residual, Stage
from eproxy_engine.spaces.formats import plain_values

STAGE = re.compile(r"d([0-9]{1,4})w([0-9]{1,5})(?:b([0-9](?:\.[0-9]{1,9})?)g([0-9]{1,4}))?")
STAGES = 3
"""Stages behind the stem."""
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

    residual: Residual
    stem: Stage | None
    """None if the lists have the stages alone."""
    block: str | None
    strides: tuple[int, ...] | None


def read_net(text: str) -> PublishedNet | None:
    """Read a ``net`` object, with any numbers, or one that has only some of its names; None if ``text`` is not one."""
    try:
        values = plain_values(text)
        return _net(values.get("net", values))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _net(net: dict[str, Any]) -> PublishedNet:
    depths, widths = _integers(net["ds"]), _integers(net["ws"])
    stages: list[Stage]
    if net.get("bot_muls") or net.get("num_gs"):
        ratios, groups = [float(_number(ratio)) for ratio in net["bot_muls"]], _integers(net["num_gs"])
        stages = [Stage(*values) for values in zip(depths, widths, ratios, groups, strict=True)]
    else:
        stages = [Stage(*values) for values in zip(depths, widths, strict=True)]
    strides = tuple(_integers(net["ss"])) if "ss" in net else None
    if strides is not None and len(strides) != len(stages):
        raise ValueError("a stride for every stage")
    stem = stages.pop(0) if len(stages) > STAGES else None
    return PublishedNet(Residual(tuple(stages)), stem, net.get("block_type"), strides)


def net_text(architecture: Residual, stem: int, strides: tuple[int, ...], block: str) -> str:
    """Write the ``net`` object of the NDS archive as JSON.

    Args:
        architecture: The stages behind the stem.
        stem: Channels of the stem.
        strides: Strides of stem and stages.
        block: The archive's ``block_type``.
    """
    stages = architecture.stages
    bottleneck = stages[0].ratio is not None
    return json.dumps(
        {
            "block_type": block,
            "bot_muls": [0.0, *(stage.ratio for stage in stages)] if bottleneck else [],
            "ds": [1, *(stage.depth for stage in stages)],
            "num_gs": [1, *(stage.groups for stage in stages)] if bottleneck else [],
            "ss": list(strides),
            "ws": [stem, *(stage.width for stage in stages)],
        }
    )


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
