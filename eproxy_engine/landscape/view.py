"""Where a loss landscape is looked at, and how (Li et al. 2018b)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.errors import UserError, check_named
from eproxy_engine.proxy.reading import known_keys

PLANES = ("random", "path")
NORMALISATIONS = ("filter", "layer", "none")
RANGES: dict[str, tuple[float, float]] = {
    "centre": (0, 1000),
    "radius": (1e-6, 100.0),
    "steps": (3, 201),
    "draw": (1, 2**31 - 1),
}
BATCH_NORM = "batch statistics of the fixed mini-batch, at every point"
"""The policy: as in training. Running statistics are neither used nor changed."""


@dataclass(frozen=True)
class View:
    """A square of the plane through a point of parameter space. Raises UserError for values that are not accepted."""

    plane: str = "random"
    """``random``: two Gaussian directions. ``path``: the two principal components of the optimisation path (§7 of Li
    et al.)."""
    centre: int = 10
    """Updates before the point in the middle: 0 is the initial point."""
    radius: float = 1.0
    """Half a side of the square: in normalised directions or, on the plane of the path, in extents of the path."""
    steps: int = 25
    """Points along a side. With an odd number the middle is one of them."""
    normalisation: str = "filter"
    """What has the norm of the weights at the centre: each filter of a random direction, each layer, or nothing."""
    biases: bool = False
    """Whether random directions move biases and batch normalisation too."""
    draw: int = 1
    """Which two random directions; a seed."""

    def __post_init__(self) -> None:
        for name, accepted in (("plane", PLANES), ("normalisation", NORMALISATIONS)):
            check_named(name, getattr(self, name), accepted)
        if not isinstance(self.biases, bool):
            raise UserError(f"biases is {self.biases!r}; accepted: true, false")
        for name, (low, high) in RANGES.items():
            value, whole = getattr(self, name), name != "radius"
            number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
            if not number or not low <= value <= high:
                kind = "a whole number" if whole else "a number"
                raise UserError(f"{name} is {value!r}; accepted: {kind} from {low:g} to {high:g}")
        object.__setattr__(self, "radius", float(self.radius))

    def coordinates(self) -> NDArray[np.float64]:
        """Of the points along a side, ``[steps]``."""
        return self.along(self.steps)

    def along(self, points: int) -> NDArray[np.float64]:
        """Coordinates of so many points from edge to edge; the middle of an odd number is exactly zero."""
        return self.radius * (np.arange(1 - points, points, 2) / (points - 1))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; :meth:`from_dict` takes them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> View:
        """The view of plain values; what is missing has its default. Raises UserError."""
        return cls(**known_keys(cls, values, "view"))
