"""One trial of an architecture search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Trial:
    """One architecture that was scored, queried or met again."""

    architecture: str
    parent: int | None
    """Place of its parent in the history."""
    parameters: int
    flops: int
    scores: tuple[float | None, ...] = ()
    """Score of each member of the proxy, None where it failed; empty if this trial did not score it."""
    query: int | None = None
    """Number of the query, from 1; None if it was not queried, or had been before."""
    accuracy: float | None = None
    """Accuracy, if queried."""
    jumped: bool = False
    """Whether it is the measured architecture nearest to an unmeasured mutant of its parent."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; ``jumped`` only if it did."""
        values = {**vars(self), "scores": list(self.scores)}
        return values if self.jumped else {name: value for name, value in values.items() if name != "jumped"}
