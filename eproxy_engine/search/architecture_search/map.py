"""Architectures as points of a plane, to watch an architecture search move among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SHORT = 3
"""Maximum length of a number that is one token; in a longer one, a code, every digit is a token."""
NOTHING = 1e-9
"""Total variance below which all architectures count as equal."""


class Map(NamedTuple):
    """Places of n architectures."""

    places: NDArray[np.float64]
    """Shape (n, 2)."""
    explained: tuple[float, float]
    """Share of the variance along each axis."""


def mapped(architectures: Sequence[str]) -> Map:
    """Project architectures onto the two principal components of one-hot features: token by place in the text.

    Similar architectures lie near each other. Equal texts have equal places. A single architecture, or several equal
    ones, lie at the origin.

    Args:
        architectures: n architectures as canonical text.
    """
    features = _one_hot(architectures)
    centred = features - features.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred)  # ascending, axes in columns
    total = float(variances.sum())
    if total < NOTHING:
        return Map(np.zeros((len(features), 2)), (0.0, 0.0))
    first = axes.T[::-1][:2]
    explained = [*(variances[::-1][:2] / total).tolist(), 0.0]
    places = centred @ (first * _signs(first)[:, None]).T
    return Map(np.pad(places, ((0, 0), (0, 2 - len(first)))), (explained[0], explained[1]))


def tokens(architecture: str) -> Iterator[tuple[int, int, str]]:
    """Yield place, place within it and text of each token of a canonical text.

    >>> list(tokens("110:conv3x3")), list(tokens("64-4141"))[1:]
    ([(0, 0, '110'), (1, 0, 'conv3x3')], [(1, 0, '4'), (1, 1, '1'), (1, 2, '4'), (1, 3, '1')])
    """
    for place, word in enumerate(re.findall(r"[\w.]+", architecture)):
        if len(word) > SHORT and re.fullmatch(r"[\d_]+", word):
            yield from ((place, inner, digit) for inner, digit in enumerate(word))
        else:
            yield place, 0, word


def _one_hot(architectures: Sequence[str]) -> NDArray[np.float64]:
    """Return one-hot features, shape (n, features)."""
    names: dict[tuple[int, int, str], int] = {}
    columns = [[names.setdefault(token, len(names)) for token in tokens(text)] for text in architectures]
    features = np.zeros((len(architectures), len(names)))
    for row, hot in zip(features, columns, strict=True):
        row[hot] = 1.0
    return features


def _signs(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sign of each axis's largest component, because the decomposition leaves signs open."""
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    return np.where(largest < 0, -1.0, 1.0)
