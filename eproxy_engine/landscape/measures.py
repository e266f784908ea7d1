"""Measures of a loss surface."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FLAT = 0.1
"""ε: a point is as low as the centre if its loss exceeds the centre's by at most this share."""
FLOAT32 = 1e-6
"""Share of the loss below which a difference is rounding."""
NEIGHBOURS = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=bool)


@dataclass(frozen=True)
class Measures:
    """Measures of one surface, without its holes; nan where too few points are finite."""

    ruggedness: float
    """Mean absolute second difference of the loss between neighbours along both axes, in the unit of the loss."""
    log_ruggedness: float
    """Ruggedness of log10 of the loss: independent of its scale, to compare surfaces with and without barrier."""
    local_minima: int
    """Points inside the grid that lie below all eight neighbours."""
    non_convex: float
    """Share of the inner points at which the Hessian of second differences has a negative eigenvalue."""
    flatness: float
    """ε-flatness: share of the grid in the connected region around its middle whose loss stays within ε = 10% above
    the middle's."""
    loss_range: float
    """Highest minus lowest loss."""
    log_range: float
    """log10 of highest over lowest loss: orders of magnitude."""
    agreement: float
    """Mean cosine between the gradients (in the plane, by differences) of neighbouring points: 1 where the direction
    of descent stays the same, 0 where it is random; nan on a surface that is flat up to rounding."""
    holes: int
    """Points whose loss is not finite."""

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values, with None for nan."""
        return {name: None if math.isnan(value) else value for name, value in asdict(self).items()}


MEASURES: dict[str, str] = {
    "ruggedness": "Ruggedness",
    "log_ruggedness": "Ruggedness of log₁₀ loss",
    "local_minima": "Local minima",
    "non_convex": "Non-convex share",
    "flatness": "ε-flatness",
    "loss_range": "Loss range",
    "log_range": "Orders of magnitude",
    "agreement": "Gradient agreement",
    "holes": "Holes",
}
"""Titles of the measures by name."""
CURVATURE: dict[str, str] = {
    "top_eigenvalue": "Top eigenvalue",
    "trace": "Trace of the Hessian",
    "centre_loss": "Loss at the centre",
}
"""Titles of the other numbers of a surface, by name."""


def measures(loss: Floats) -> Measures:
    """Measure a surface.

    Args:
        loss: Losses on an evenly spaced grid, ``[rows, columns]``; values that are not finite are holes.

    Example:
        >>> measures(np.array([[2.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 2.0]])).local_minima
        1
    """
    surface = np.where(np.isfinite(loss), loss, math.nan)
    logarithm = np.log10(np.where(surface > 0, surface, math.nan))
    return Measures(
        ruggedness=_ruggedness(surface),
        log_ruggedness=_ruggedness(logarithm),
        local_minima=_local_minima(surface),
        non_convex=_non_convex(surface),
        flatness=_flatness(surface),
        loss_range=_range(surface),
        log_range=_range(logarithm),
        agreement=_agreement(surface),
        holes=int(np.isnan(surface).sum()),
    )


def _ruggedness(surface: Floats) -> float:
    differences = [np.diff(surface, 2, axis=axis).ravel() for axis in (0, 1)]
    return _mean(np.abs(np.concatenate(differences)))


def _local_minima(surface: Floats) -> int:
    around = scipy.ndimage.generic_filter(surface, _least, footprint=NEIGHBOURS, mode="nearest")
    inside = slice(1, -1), slice(1, -1)
    return int((surface < around - FLOAT32 * np.abs(surface))[inside].sum())


def _least(values: Floats) -> float:
    """Return the minimum; nan beside a hole, whose depth is unknown."""
    return float(values.min())


def _non_convex(surface: Floats) -> float:
    xx = np.diff(surface, 2, axis=1)[1:-1]
    yy = np.diff(surface, 2, axis=0)[:, 1:-1]
    xy = (surface[2:, 2:] - surface[2:, :-2] - surface[:-2, 2:] + surface[:-2, :-2]) / 4
    least = (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy)
    rounding = FLOAT32 * np.abs(surface[1:-1, 1:-1])
    return _mean(np.where(np.isfinite(least), least < -rounding, math.nan))


def _flatness(surface: Floats) -> float:
    middle = surface.shape[0] // 2, surface.shape[1] // 2
    if np.isnan(surface[middle]):
        return math.nan
    regions, _ = scipy.ndimage.label(surface <= (1 + FLAT) * surface[middle])
    return float((regions == regions[middle]).mean())


def _range(surface: Floats) -> float:
    known = surface[np.isfinite(surface)]
    return float(known.max() - known.min()) if known.size else math.nan


def _agreement(surface: Floats) -> float:
    """Compute the agreement of the gradients of the cells between four points."""
    across = np.diff(surface, axis=1)
    down = np.diff(surface, axis=0)
    gradient = np.stack([(across[:-1] + across[1:]) / 2, (down[:, :-1] + down[:, 1:]) / 2])
    norm = np.linalg.norm(gradient, axis=0)
    rounding = FLOAT32 * np.abs(surface[:-1, :-1])
    unit = gradient / np.where(norm > rounding, norm, math.nan)
    cosines = [(unit[:, :-1] * unit[:, 1:]).sum(axis=0).ravel(), (unit[:, :, :-1] * unit[:, :, 1:]).sum(axis=0).ravel()]
    return _mean(np.concatenate(cosines))


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else math.nan
