"""One architecture search (§3.5): which architectures a strategy tries, and what each query brings.

Like a proxy search, an architecture search is a function of its settings and of the outcomes of its evaluations, so it
can be replayed. A *query* is the first look at the accuracy of an architecture; looking again costs nothing. The
architectures that the proxy was designed on are queried first.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.scoring import is_computed
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.on_accuracy import ON_ACCURACY
from eproxy_engine.search.architecture_search.proxy_fitness import ProxyFitness
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.strategies import Candidate, Strategy, local_search, regularized_evolution
from eproxy_engine.spaces import Architecture

Steps = Generator[list[Evaluation], Mapping[str, Outcome], None]
BREATH = 20
"""Number of steps without evaluations between two chances to pause."""
MOST_STALE = 10_000
"""Number of consecutive trials without a new architecture after which a strategy counts as exhausted."""


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

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**vars(self), "scores": list(self.scores)}


@dataclass
class ArchitectureSearch:
    """An architecture search under way; ``trials`` grows while :meth:`steps` is driven."""

    domain: Domain
    settings: ArchitectureSearchSettings
    seed: int
    proxy: ProxyFitness | None = None
    spent: tuple[str, ...] = ()
    """Architectures whose accuracies designed the proxy."""
    trials: list[Trial] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    """Accuracies of the queried architectures, in the order of the queries."""
    improvements: list[tuple[int, float]] = field(default_factory=list)
    """Each improvement of the best accuracy: number of the query and accuracy."""
    scored: dict[str, int] = field(default_factory=dict)
    """Place in the history of the first score of each scored architecture."""
    own_seconds: float = 0.0
    """Processor time that the strategy took to choose, which includes what it trains for itself."""
    _begun: int = 0
    """Number of architectures whose scores have been asked for."""
    _scores: list[tuple[float, ...]] = field(default_factory=list)
    _flops: list[int] = field(default_factory=list)
    """Scores and FLOPs of the scored trials, which come first in the history after the spent ones."""
    _allowed: int = 0
    """Number of queried architectures within the constraints."""

    @property
    def remaining(self) -> int:
        """Maximum number of evaluations that have not been asked for yet."""
        if self.proxy is None:
            return 0
        return max(self.settings.scored - self._begun, 0) * sum(map(is_computed, self.proxy.members))

    @property
    def queries_to_optimum(self) -> int | None:
        """Number of queries until the best measured architecture; None if it was not queried."""
        found = self.improvements[-1:]
        return found[0][0] if found and found[0][1] == self.domain.optimum else None

    @property
    def trials_to_optimum(self) -> int | None:
        """Number of architectures scored or queried until the best measured one; None if it was not tried."""
        tried = (self.domain.accuracies.get(trial.architecture) for trial in self.trials[len(self.spent) :])
        return next((place for place, accuracy in enumerate(tried, start=1) if accuracy == self.domain.optimum), None)

    def steps(self) -> Steps:
        """Yield evaluations, or an empty list as a chance to pause; receive outcomes by key."""
        for text in self.spent:
            self._query(self.domain.family.parse(text), None)
        if self.settings.strategy == "proxy-evolution":
            yield from self._by_proxy()
        elif self.settings.strategy == "seeded-evolution":
            yield from self._by_accuracy(self._evolution(first=(yield from self._best_of_pool())))
        else:
            known = {self.domain.family.parse(text): accuracy for text, accuracy in self.asked.items()}
            make = ON_ACCURACY[self.settings.strategy]
            yield from self._by_accuracy(make(self.domain, self.settings, self.seed, known))

    def by_score(self) -> list[int]:
        """Return the places of the scored architectures in the history, best first, ties by age."""
        assert self.proxy is not None
        places, offset = list(self.scored.values()), len(self.spent)
        scores = [self._scores[place - offset] for place in places]
        flops = [self._flops[place - offset] for place in places]
        fitness = dict(zip(places, self.proxy.fitness(scores, flops), strict=True))
        return sorted(places, key=lambda place: -fitness[place])

    def _evolution(self, cycles: int | None = None, first: Sequence[Architecture] = ()) -> Strategy[Architecture]:
        given = self.settings
        population = len(first) or given.population
        return regularized_evolution(self.domain, population, given.tournament, cycles, self.seed, first)

    def _architecture(self, place: int) -> Architecture:
        """Return the architecture of a trial."""
        return self.domain.family.parse(self.trials[place].architecture)

    # --- by the proxy ---

    def _by_proxy(self) -> Steps:
        """Evolve by the scores, then query the best, then their neighbours."""
        assert self.proxy is not None
        given, fitness = self.settings, list[float]()
        for candidates in _driven(self._evolution(cycles=given.cycles), fitness):
            yield from self._score(candidates)
            fitness[:] = self.proxy.fitness(self._scores, self._flops)
        for place in self.by_score():
            if self._done(keep=given.neighbours):
                break
            if self.trials[place].architecture in self.domain.accuracies:
                self._query(self._architecture(place), place)
        if given.neighbours and not self._done():
            yield from self._by_accuracy(local_search(self.domain, self.seed, self._best_asked()))

    def _best_of_pool(self) -> Generator[list[Evaluation], Mapping[str, Outcome], list[Architecture]]:
        """Score different random architectures and return the best."""
        rng, pool = np.random.default_rng(self.seed), dict[Architecture, None]()
        for _ in range(MOST_STALE):
            pool[self.domain.sample(rng)] = None
            if len(pool) == self.settings.pool:
                break
        yield from self._score([Candidate(architecture) for architecture in pool])
        return [self._architecture(place) for place in islice(self.by_score(), self.settings.population)]

    def _score(self, candidates: list[Candidate[Architecture]]) -> Steps:
        assert self.proxy is not None
        self._begun += len(candidates)
        wanted = [self.proxy.evaluations(str(candidate.value)) for candidate in candidates]
        outcomes = yield [evaluation for each in wanted for evaluation in each]
        offset = len(self.spent)
        for candidate, evaluations in zip(candidates, wanted, strict=True):
            text, size = str(candidate.value), self.domain.size(candidate.value)
            scores = self.proxy.scores(text, size, [outcomes[evaluation.key] for evaluation in evaluations])
            self._scores.append(scores)
            self._flops.append(size.flops)
            self.scored.setdefault(text, len(self.trials))
            parent = None if candidate.parent is None else candidate.parent + offset
            written = tuple(score if math.isfinite(score) else None for score in scores)
            self.trials.append(Trial(text, parent, size.parameters, size.flops, written))

    # --- by the accuracy ---

    def _by_accuracy(self, strategy: Strategy[Architecture]) -> Steps:
        """Query every candidate until the queries are used up or nothing new comes."""
        offset, fitness, stale = len(self.trials), list[float](), 0
        chosen = self._timed(_driven(strategy, fitness))
        for count, candidates in enumerate(chosen, start=1):
            for candidate in candidates:
                if self._done() or stale >= MOST_STALE:
                    return
                parent = None if candidate.parent is None else candidate.parent + offset
                trial = self._query(candidate.value, parent)
                assert trial.accuracy is not None
                fitness.append(trial.accuracy)
                stale = 0 if trial.query else stale + 1
            if count % BREATH == 0:
                yield []

    def _timed(self, steps: Iterator[list[Candidate[Architecture]]]) -> Iterator[list[Candidate[Architecture]]]:
        """Yield what a strategy chooses, and count the time that it takes."""
        while True:
            begun = time.thread_time()
            candidates = next(steps, None)
            self.own_seconds += time.thread_time() - begun
            if candidates is None:
                return
            yield candidates

    def _query(self, architecture: Architecture, parent: int | None) -> Trial:
        """Look at the accuracy; only the first look counts."""
        text, size = str(architecture), self.domain.size(architecture)
        query = None
        if text not in self.asked:
            self.asked[text] = self.domain.known[text]
            query = len(self.asked)
            if text in self.domain.accuracies:
                self._allowed += 1
                if not self.improvements or self.asked[text] > self.improvements[-1][1]:
                    self.improvements.append((query, self.asked[text]))
        trial = Trial(text, parent, size.parameters, size.flops, (), query, self.asked[text])
        self.trials.append(trial)
        return trial

    def _done(self, keep: int = 0) -> bool:
        """Return whether at most ``keep`` queries are left, or there is nothing more to find."""
        at_optimum = self.settings.stop_at_optimum and self.queries_to_optimum is not None
        exhausted = self._allowed == len(self.domain.accuracies)
        return at_optimum or exhausted or len(self.asked) >= self.settings.queries - keep

    def _best_asked(self) -> Iterator[Architecture]:
        for text in sorted(self.asked, key=lambda text: -self.asked[text]):
            yield self.domain.family.parse(text)


def _driven(strategy: Strategy[Architecture], fitness: list[float]) -> Iterator[list[Candidate[Architecture]]]:
    """Yield the candidates of a strategy; ``fitness`` must cover all of them before the next ones."""
    try:
        candidates = next(strategy)
        while True:
            yield candidates
            candidates = strategy.send(fitness)
    except StopIteration:
        return
