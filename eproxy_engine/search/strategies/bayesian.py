"""Bayesian search: the Gaussian process of the learned ranking says which architecture to ask for next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Generic, Protocol

import numpy as np

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.measure_next import expected_improvement
from eproxy_engine.learning.models.growing import GrowingProcess
from eproxy_engine.learning.normal_scores import Floats
from eproxy_engine.search.strategies.candidate import Candidate, ModelledStrategy, Needed, Neighbourhood, T

FIRST = 3
"""Candidates asked for before the model decides."""
SHARE = 0.05
"""Share of the candidates, the best by the prior, among which the first are drawn."""
BEST = 5
"""Number of the best whose mutants are added."""
DIGITS = 9
"""Decimals to which an acquisition is rounded, so that near ties are ties on every machine."""


class Modelled(Neighbourhood[T], Protocol[T]):
    """A domain of which a model can learn."""

    @property
    def drawn(self) -> int:
        """Number of random candidates at the start, where not all can be listed."""

    @property
    def further(self) -> int:
        """Number of random ones that every query adds there, and of mutants of the best."""

    def listed(self) -> Sequence[T] | None:
        """List all points; None if they are too many."""

    def network(self, value: T, /) -> T:
        """Return the representative of all points that are equal to the model."""

    def needed(self, values: Sequence[T], /) -> Needed | None:
        """Return what has to be evaluated before points can be compared; None if nothing."""

    def candidates(self, values: Sequence[T], /) -> Candidates:
        """Return what is known of points without their fitness."""


def _improvement(process: GrowingProcess, fitness: Sequence[float], rng: np.random.Generator) -> Floats:
    prediction = process.predict(fitness)
    gains = expected_improvement(prediction, float(prediction.mean[process.labelled].max()))
    return np.log(np.maximum(gains, 1e-300))


def _thompson(process: GrowingProcess, fitness: Sequence[float], rng: np.random.Generator) -> Floats:
    return process.draw(fitness, rng)


def _upper_bound(process: GrowingProcess, fitness: Sequence[float], rng: np.random.Generator) -> Floats:
    prediction = process.predict(fitness)
    return prediction.mean + prediction.deviation


Acquisition = Callable[[GrowingProcess, Sequence[float], np.random.Generator], Floats]
ACQUISITIONS: dict[str, Acquisition] = {
    "improvement": _improvement,
    "thompson": _thompson,
    "upper-bound": _upper_bound,
}
"""By name: how much a query of each candidate promises, shape (n,)."""


def bayesian(
    domain: Modelled[T],
    seed: int,
    first: int = FIRST,
    batch: int = 1,
    acquisition: str = "improvement",
    known: Mapping[T, float] | None = None,
) -> ModelledStrategy[T]:
    """Yield the first candidates at once, then the most promising ones, until all are asked for.

    The first are drawn from the best by the prior ranking, or from all where there is none. Of points with an equal
    network one is a candidate; the others come when no candidate is left.

    Args:
        domain: The searched set.
        seed: Seed of all draws.
        first: Number of the first candidates, those ``known`` among them.
        batch: Number of later candidates at a time. Each is chosen as if those before it turned out as predicted
            (kriging believer, Ginsbourger et al. 2010); Thompson sampling draws a function for each.
        acquisition: A key of :data:`ACQUISITIONS`.
        known: Fitness of points that are known beforehand.
    """
    pool, told = _Pool(domain, known or {}, np.random.default_rng(seed)), 0
    yield from _compared(domain, pool)
    while places := pool.next(first, batch, ACQUISITIONS[acquisition]):
        fitness = yield [Candidate(pool.values[place], pool.parents.get(place)) for place in places]
        pool.tell(places, fitness[told:], told)
        told = len(fitness)
        if pool.grow(first):
            yield from _compared(domain, pool)
    for value in pool.twins:
        yield [Candidate(value)]


def _compared(domain: Modelled[T], pool: _Pool[T]) -> ModelledStrategy[T]:
    """Yield what has to be evaluated to compare the candidates, then compare them."""
    needed = domain.needed(pool.values)
    if needed is not None:
        yield needed
    pool.compare()


class _Pool(Generic[T]):
    """Candidates, one per network, and the model of their fitness. Those of a domain that is too large to list grow."""

    def __init__(self, domain: Modelled[T], known: Mapping[T, float], rng: np.random.Generator) -> None:
        self.values: list[T] = []
        self.parents: dict[int, int] = {}
        """Place in the history of the parent of a mutant, by the mutant's place here."""
        self.twins: list[T] = []
        """Those whose network is that of a candidate."""
        self._domain, self._rng, self._places = domain, rng, dict[T, int]()
        self._history: dict[int, int] = {}
        listed = domain.listed()
        self._grows = listed is None
        self._add([*known, *(domain.sample(rng) for _ in range(domain.drawn))] if listed is None else listed)
        places = {value: self._places.get(domain.network(value)) for value in known}
        told = {place: known[value] for value, place in places.items() if place is not None}
        self._labelled, self._fitness = list(told), list(told.values())

    def compare(self) -> None:
        """Compare all candidates, and make the model anew."""
        self._process = GrowingProcess(self._domain.candidates(self.values))
        for place in self._labelled:
            self._process.label(place)

    def tell(self, places: Sequence[int], fitness: Sequence[float], number: int) -> None:
        """Take in the fitness of candidates. ``number``: place of the first in the history."""
        for place, value in zip(places, fitness, strict=True):
            self._process.label(place)
            self._labelled.append(place)
            self._fitness.append(value)
            self._history[place] = number
            number += 1

    def next(self, first: int, batch: int, acquisition: Acquisition) -> list[int]:
        """Return the places of the candidates to ask for: the first ones, then the most promising; none at last."""
        missing = first - len(self._fitness)
        if missing > 0:
            return self._by_prior(missing)
        process = self._process.forked()
        while len(free := self._free(process)) and len(process.labelled) < len(self._fitness) + batch:
            promises = acquisition(process, self._fitness, self._rng).round(DIGITS)
            process.label(int(free[promises[free].argmax()]))
        return process.labelled[len(self._fitness) :]

    def _by_prior(self, count: int) -> list[int]:
        """Draw from the best by the prior; all are equal where there is none."""
        free = self._rng.permutation(self._free(self._process))
        ranked = free[np.argsort(-self._process.candidates.taught[free].round(DIGITS), kind="stable")]
        share = ranked[: max(2 * count, int(SHARE * len(self.values)))]
        return self._rng.permutation(share)[:count].tolist()

    def _free(self, process: GrowingProcess) -> Places:
        return np.setdiff1d(np.arange(len(self.values)), process.labelled)

    def _add(self, values: Iterable[T]) -> None:
        for value in values:
            if self._places.setdefault(self._domain.network(value), len(self.values)) == len(self.values):
                self.values.append(value)
            elif self._grows is False:
                self.twins.append(value)

    def grow(self, first: int) -> bool:
        """Add random candidates and mutants of the best, where not all are listed and the first ones are known.

        Returns:
            Whether all have to be compared anew.
        """
        if not self._grows or len(self._fitness) < first:
            return False
        further = self._domain.further
        self._add(self._domain.sample(self._rng) for _ in range(further))
        best = np.argsort(-np.array(self._fitness), kind="stable")[:BEST]
        for place in (self._labelled[each] for each in best):
            around = self._domain.neighbours(self.values[place], self._rng)
            count = len(self.values)
            self._add(islice(around, further // BEST))
            if place in self._history:
                self.parents |= dict.fromkeys(range(count, len(self.values)), self._history[place])
        return True
