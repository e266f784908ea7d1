"""Plane and grid of a loss landscape (Li et al. 2018b)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.accepted import Between, OneOf
from eproxy_engine.fields import Settings, setting

PLANES = {"random": "two random directions", "path": "where the training went (PCA)"}
NORMALISATIONS = {"filter": "each filter", "layer": "each layer", "none": "nothing"}
BATCH_NORM = "batch statistics of the fixed mini-batch, at every point"
"""Policy for batch normalisation: as in training. Running statistics are neither used nor changed."""


@dataclass(frozen=True)
class View(Settings, what="view"):
    """Square grid in a plane through a point of parameter space.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> View(radius=2, steps=5).coordinates().tolist()
        [-2.0, -1.0, 0.0, 1.0, 2.0]
    """

    plane: str = setting(
        "random",
        "Plane",
        OneOf(PLANES, PLANES),
        help="Random directions show the surroundings; the two principal components of the optimisation path show what "
        "training itself sees (Li et al. 2018b, §7).",
    )
    centre: int = setting(
        10,
        "Updates before the middle",
        Between(0, 1000),
        help="Number of updates that lead to the point in the middle; 0 is the initial point.",
        flag="",
    )
    radius: float = setting(
        1.0,
        "Radius",
        Between(1e-6, 100.0, step=0.25),
        help="Half a side of the square. At 1, a random direction is as long as the weights themselves; on the plane "
        "of the path, 1 is as far as the path reaches.",
    )
    steps: int = setting(
        25,
        "Grid size",
        Between(3, 201, step=2),
        help="Points along a side. An odd number includes the middle. The time grows with its square.",
    )
    normalisation: str = setting(
        "filter",
        "Directions normalised",
        OneOf(NORMALISATIONS, NORMALISATIONS),
        help="What of a random direction is scaled to the norm of the weights in the middle. Filter by filter (Li et "
        "al.), surfaces of different networks can be compared; without, their scale means little.",
    )
    biases: bool = setting(
        False,
        "Move biases and batch norm too",
        help="Let random directions move biases and batch normalisation, too. Li et al. leave them alone.",
    )
    draw: int = setting(
        1,
        "Directions",
        Between(1, 2**31 - 1),
        help="Seed of the pair of random directions: the same number walks the same way.",
        flag="--directions",
    )

    def coordinates(self) -> NDArray[np.float64]:
        """Return the coordinates of the points along a side, ``[steps]``."""
        return self.along(self.steps)

    def along(self, points: int) -> NDArray[np.float64]:
        """Return the coordinates of ``points`` points from edge to edge; an odd number has zero in the middle."""
        return self.radius * (np.arange(1 - points, points, 2) / (points - 1))
