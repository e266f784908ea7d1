"""The measured architectures nearest to an architecture, for searches where only a part of a space is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from eproxy_engine import spaces
from eproxy_engine.learning.normal_scores import Floats, constant
from eproxy_engine.spaces import Architecture

STEPS = 1024
"""Whole numbers per standard deviation. Distances of whole numbers are exact, so ties are ties on every machine."""


@dataclass(frozen=True)
class Measured:
    """n measured architectures of a space, which can be ordered by their distance from any architecture.

    The distance is Euclid's, of standardised descriptors (:meth:`SearchSpace.descriptors`). All spaces have them, and
    unlike the text of an architecture, they do not depend on how a cell numbers its nodes.
    """

    space: str
    texts: tuple[str, ...]
    """Canonical texts, at least two."""

    def nearest(self, mutant: Architecture, parent: Architecture, rng: np.random.Generator) -> str:
        """Return the one nearest to ``mutant`` that is not ``parent``; of equally near ones, any."""
        distances = np.where(self._others(parent), self._distances(mutant), np.inf)
        ties = np.flatnonzero(distances == distances.min())
        return self.texts[int(ties[rng.integers(len(ties))])]

    def around(self, parent: Architecture, rng: np.random.Generator) -> Iterator[str]:
        """Yield all but ``parent``, the nearest first, equally near ones in random order."""
        places = rng.permutation(np.flatnonzero(self._others(parent)))
        for place in places[np.argsort(self._distances(parent)[places], kind="stable")]:
            yield self.texts[int(place)]

    def _others(self, architecture: Architecture) -> NDArray[np.bool_]:
        others = np.ones(len(self.texts), bool)
        place = self._places.get(str(architecture))
        if place is not None:
            others[place] = False
        return others

    def _distances(self, architecture: Architecture) -> Floats:
        """Return half of each squared distance, less a constant, shape (n,)."""
        return np.asarray(self._half_squares - self._rows @ self._scaled(_described(self.space, [architecture]))[0])

    def _scaled(self, described: Floats) -> Floats:
        """Return descriptors that vary, standardised, in whole numbers, shape (m, q)."""
        mean, deviation, varying = self._scale
        return np.asarray(((described[:, varying] - mean) / deviation * STEPS).round())

    @cached_property
    def _places(self) -> dict[str, int]:
        return {text: place for place, text in enumerate(self.texts)}

    @cached_property
    def _raw(self) -> Floats:
        return _described(self.space, map(spaces.get(self.space).parse, self.texts))

    @cached_property
    def _scale(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Mean and deviation of the descriptors that vary, shape (q,), and which those are, shape (q',)."""
        varying = ~constant(self._raw)
        kept = self._raw[:, varying]
        return kept.mean(axis=0), kept.std(axis=0), varying

    @cached_property
    def _rows(self) -> Floats:
        return self._scaled(self._raw)

    @cached_property
    def _half_squares(self) -> Floats:
        return np.asarray((self._rows**2).sum(axis=1) / 2)


@lru_cache(maxsize=4)
def measured(space: str, texts: tuple[str, ...]) -> Measured:
    """Return the architectures with what describes them; all seeds and tasks share it."""
    return Measured(space, texts)


def _described(space: str, architectures: Iterable[Architecture]) -> Floats:
    """Return the descriptors of the architectures' networks, shape (m, q')."""
    family = spaces.get(space)
    rows = [list(family.descriptors(family.equivalent(each)).values()) for each in architectures]
    return np.array(rows, dtype=np.float64)
