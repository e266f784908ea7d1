"""What an architecture may be at most, or has to be at least, to be tried at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from eproxy_engine.accepted import Between
from eproxy_engine.errors import UserError
from eproxy_engine.fields import Settings, setting


class Size(NamedTuple):
    """Of one architecture, as its space counts."""

    parameters: int
    flops: int


BOUNDED = (*Size._fields, "depth")
ANY = Between(0, optional=True)
DEPTH = "cells or blocks in a row; of a single cell, edges of its longest path."


@dataclass(frozen=True)
class Constraints(Settings, what="constraints"):
    """Bounds that belong to what is allowed; None where there is none."""

    min_parameters: int | None = setting(None, "Min parameters", ANY, help="Fewest parameters, at the published width.")
    max_parameters: int | None = setting(None, "Max parameters", ANY, help="Most parameters, at the published width.")
    min_flops: int | None = setting(
        None, "Min FLOPs", ANY, help="Fewest multiply–accumulates, as the benchmark counts."
    )
    max_flops: int | None = setting(None, "Max FLOPs", ANY, help="Most multiply–accumulates, as the benchmark counts.")
    min_depth: int | None = setting(None, "Min depth", ANY, help=f"Fewest {DEPTH}")
    max_depth: int | None = setting(None, "Max depth", ANY, help=f"Most {DEPTH}")

    def __post_init__(self) -> None:
        super().__post_init__()
        for what in BOUNDED:
            low, high = self.of(what)
            if low is not None and high is not None and low > high:
                raise UserError(f"min_{what} is {low:,}, max_{what} {high:,}; accepted: the first no larger")

    def of(self, what: str) -> tuple[int | None, int | None]:
        """Both bounds of ``parameters``, ``flops`` or ``depth``."""
        return getattr(self, f"min_{what}"), getattr(self, f"max_{what}")

    def allow(self, what: str, value: int) -> bool:
        """Whether so many ``parameters`` or ``flops`` or such a ``depth`` are allowed."""
        low, high = self.of(what)
        return (low is None or low <= value) and (high is None or value <= high)

    @property
    def bound(self) -> list[str]:
        """Names of what is bounded."""
        return [what for what in BOUNDED if self.of(what) != (None, None)]

    def __str__(self) -> str:
        """``flops 500,000,000 to 600,000,000, depth up to 14``; empty where nothing is bounded."""
        return ", ".join(f"{what} {_range(*self.of(what))}" for what in self.bound)

    def as_dict(self) -> dict[str, int]:
        """Those that are set, for JSON and YAML."""
        return {name: bound for name, bound in super().as_dict().items() if bound is not None}


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return f"up to {high:,}"
    return f"from {low:,}" if high is None else f"{low:,} to {high:,}"
