"""Plane and grid of a loss landscape (Li et al. 2018b)."""

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
"""Policy for batch normalisation: as in training. Running statistics are neither used nor changed."""


@dataclass(frozen=True)
class View:
    """Square grid in a plane through a point of parameter space.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> View(radius=2, steps=5).coordinates().tolist()
        [-2.0, -1.0, 0.0, 1.0, 2.0]
    """

    plane: str = "random"
    """``random``: two Gaussian directions. ``path``: the two principal components of the optimisation path (§7 of Li
    et al.)."""
    centre: int = 10
    """Updates before the point in the middle: 0 is the initial point."""
    radius: float = 1.0
    """Half a side of the square: in normalised directions or, in the plane of the path, in extents of the path."""
    steps: int = 25
    """Points along a side. An odd number includes the middle."""
    normalisation: str = "filter"
    """Unit of a random direction that gets the norm of the weights at the centre: each filter, each layer, or none."""
    biases: bool = False
    """Whether random directions also move biases and batch normalisation."""
    draw: int = 1
    """Seed of the two random directions."""

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
        """Return the coordinates of the points along a side, ``[steps]``."""
        return self.along(self.steps)

    def along(self, points: int) -> NDArray[np.float64]:
        """Return the coordinates of ``points`` points from edge to edge; an odd number has zero in the middle."""
        return self.radius * (np.arange(1 - points, points, 2) / (points - 1))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_dict` reads them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> View:
        """Make a view from plain values; missing ones have their defaults. Raises UserError."""
        return cls(**known_keys(cls, values, "view"))
