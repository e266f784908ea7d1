"""Placement of point labels with few overlaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 900, 340  # pixels of a typical chart; the outcome depends little on them
_CHARACTER, _LINE = 6.8, 15  # pixels of a label of 12 points
_MARGIN = 80  # left of the first point
_POINT = 7  # half the size of a marker
_ACROSS = {"right": 0.0, "center": -0.5, "left": -1.0}
_UP = {"top": 1.0, "middle": 0.0, "bottom": -1.0}
_TRIED = (
    "middle right",
    "middle left",
    "top right",
    "bottom right",
    "top left",
    "bottom left",
    "top center",
    "bottom center",
)


def label_places(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    labels: list[str],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> list[str]:
    """Choose a ``textposition`` for each point: the first whose label overlaps fewest points, bars and labels so far.

    All arrays have shape (m,), m > 0, on linear axes (for a logarithmic axis, pass logarithms). ``low`` and ``high``
    are the ends of the bar through a point, nan for a point without one.
    """
    across, (up, bottom, top) = _pixels(x, _WIDTH), _pixels(np.stack([y, low, high]), _HEIGHT)
    taken = [(px - _POINT, px + _POINT, py - _POINT, py + _POINT) for px, py in zip(across, up, strict=True)]
    taken += [(px - 2, px + 2, first, last) for px, first, last in zip(across, bottom, top, strict=True)]
    taken.append((-np.inf, -_MARGIN, -np.inf, np.inf))  # the end of the picture
    found = []
    for px, py, label in zip(across, up, labels, strict=True):
        boxes = {place: _box(px, py, label, place) for place in _TRIED}
        meetings = {place: sum(_meet(box, other) for other in taken) for place, box in boxes.items()}
        best = min(meetings, key=meetings.__getitem__)
        taken.append(boxes[best])
        found.append(best)
    return found


def _pixels(values: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    low, high = np.nanmin(values), np.nanmax(values)
    return (values - low) / ((high - low) or 1.0) * size


def _box(x: float, y: float, label: str, place: str) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a label."""
    vertical, horizontal = place.split()
    width = _CHARACTER * len(label)
    beside = {"right": _POINT, "center": 0, "left": -_POINT}[horizontal] if vertical == "middle" else 0
    left = x + beside + _ACROSS[horizontal] * width
    middle = y + _UP[vertical] * (_POINT + _LINE / 2)
    return left + 1, left + width - 1, middle - _LINE / 2 + 1, middle + _LINE / 2 - 1


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
