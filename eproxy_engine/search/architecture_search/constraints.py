"""What an architecture may be at most, or has to be at least, to be tried at all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from eproxy_engine.errors import UserError
from eproxy_engine.proxy.reading import known_keys


class Size(NamedTuple):
    """Of one architecture, as its space counts."""

    parameters: int
    flops: int


BOUNDED = (*Size._fields, "depth")


@dataclass(frozen=True)
class Constraints:
    """Bounds that belong to what is allowed; None where there is none."""

    min_parameters: int | None = None
    max_parameters: int | None = None
    min_flops: int | None = None
    max_flops: int | None = None
    min_depth: int | None = None
    max_depth: int | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            bound = getattr(self, each.name)
            if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool) or bound < 0):
                raise UserError(f"{each.name} is {bound!r}; accepted: a whole number from 0 on, or none")
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
        return {name: bound for name, bound in asdict(self).items() if bound is not None}

    @classmethod
    def from_dict(cls, values: Any) -> Constraints:
        """The constraints of plain values. Raises UserError."""
        return cls(**known_keys(cls, values, "constraints"))


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return f"up to {high:,}"
    return f"from {low:,}" if high is None else f"{low:,} to {high:,}"
