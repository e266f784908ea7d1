"""Placement of point labels with few overlaps, farther away where it is crowded."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDTHS, HEIGHT = (310, 600), 370
"""Pixels between the outermost points of the chart on pages of 800 and 1280; labels have to keep apart on both."""
ABOVE = 22
"""Free pixels above and below the outermost bars."""
_CHARACTER, _LINE = 6.6, 16  # pixels of a label of 12 points
_LEFT, _RIGHT = 40, 50  # free pixels beside the outermost points
_POINT = 7  # half the size of a marker
_STEPS = (0.0, 0.8, 1.6, 2.4, 3.2, 4.0, 5.0)  # lines that a label may be above or below its point
_ROUNDS = 3  # every label is placed again once the others have their places
_LABEL, _MARK, _BAR = 8.0, 6.0, 1.0  # how bad it is to lie on each of these
_DISTANCE = 0.02  # how bad a pixel above or below the point is

Boxes = NDArray[np.float64]
"""Left, right, bottom and top, shape (k, 4)."""


class Place(NamedTuple):
    """Middle of a label, in pixels to the right of and above its point."""

    across: float
    up: float

    @property
    def far(self) -> bool:
        """Whether a line has to say whose label it is."""
        return abs(self.up) > 1.5 * _LINE


def label_places(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    labels: list[str],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> list[Place]:
    """Choose a place for each label, near its point and on no point, bar or other label if there is room.

    All arrays have shape (m,), m > 0, on linear axes (for a logarithmic axis, pass logarithms). ``low`` and ``high``
    are the ends of the bar through a point, nan for a point without one.
    """
    up, bottom, top = _pixels(np.stack([y, low, high]), HEIGHT)
    acrosses = [_pixels(x, width) for width in WIDTHS]
    fixed = [_fixed(across, up, bottom, top, width) for across, width in zip(acrosses, WIDTHS, strict=True)]
    boxes = np.full((len(WIDTHS), len(labels), 4), np.nan)  # nan overlaps nothing
    candidates = [_candidates(label) for label in labels]
    found = [places[0] for places in candidates]
    for _, i in itertools.product(range(_ROUNDS), range(len(labels))):
        boxes[:, i] = np.nan
        cost = np.array([_DISTANCE * abs(place.up) for place in candidates[i]])
        tried = [np.array([_box(across[i], up[i], labels[i], place) for place in candidates[i]]) for across in acrosses]
        for page, own in enumerate(tried):
            for taken, weight in [*fixed[page], (boxes[page], _LABEL)]:
                cost += weight * _meetings(own, taken)
        best = int(cost.argmin())
        found[i] = candidates[i][best]
        boxes[:, i] = [own[best] for own in tried]
    return found


def _fixed(across: Boxes, up: Boxes, bottom: Boxes, top: Boxes, width: float) -> list[tuple[Boxes, float]]:
    """Return what labels must not lie on, with how bad that is: points and the picture's ends, and bars."""
    marks = np.stack([across - _POINT, across + _POINT, up - _POINT, up + _POINT], axis=1)
    bars = np.stack([across - 2, across + 2, bottom, top], axis=1)
    far = np.inf
    sides = [[-far, -_LEFT, -far, far], [width + _RIGHT, far, -far, far]]
    ends = np.array([*sides, [-far, far, -far, -ABOVE], [-far, far, HEIGHT + ABOVE, far]])
    return [(np.concatenate([marks, ends]), _MARK), (bars, _BAR)]


def _candidates(label: str) -> list[Place]:
    """Return places beside the point, then above and below it, ever farther away."""
    beside, above = _POINT + _CHARACTER * len(label) / 2, _POINT + _LINE / 2
    around = [Place(side * beside, way * lines * _LINE) for lines in _STEPS for way in (1, -1) for side in (1, -1)]
    return around + [Place(0.0, way * (above + lines * _LINE)) for lines in _STEPS for way in (1, -1)]


def _pixels(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    low, high = np.nanmin(values), np.nanmax(values)
    return (values - low) / ((high - low) or 1.0) * size


def _box(x: float, y: float, label: str, place: Place) -> tuple[float, float, float, float]:
    half = _CHARACTER * len(label) / 2
    middle, height = x + place.across, y + place.up
    return middle - half + 1, middle + half - 1, height - _LINE / 2 + 1, height + _LINE / 2 - 1


def _meetings(tried: Boxes, taken: Boxes) -> NDArray[np.int64]:
    """Count for each box that is tried how many of the others it meets."""
    one, other = tried[:, None, :], taken[None, :, :]
    wide = (one[..., 0] < other[..., 1]) & (other[..., 0] < one[..., 1])
    tall = (one[..., 2] < other[..., 3]) & (other[..., 2] < one[..., 3])
    return np.asarray((wide & tall).sum(axis=1), dtype=np.int64)
