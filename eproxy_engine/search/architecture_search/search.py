"""One architecture search (§3.5): which architectures a strategy tries, and what each query brings.

Like a proxy search, an architecture search is a function of its settings and of the outcomes of its evaluations, so it
can be replayed. A *query* is the first look at the accuracy of an architecture; looking again costs nothing. The
architectures that the proxy was designed on are queried first.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple, TypeVar

import numpy as np

from eproxy_engine.learning.panels import panel
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.scoring import is_computed
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.moves import evolution_of_moves, local_search_of_moves
from eproxy_engine.search.architecture_search.on_accuracy import ON_ACCURACY
from eproxy_engine.search.architecture_search.proxy_fitness import Fitness
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.architecture_search.trial import Trial
from eproxy_engine.search.strategies import (
    Candidate,
    ModelledStrategy,
    Needed,
    Strategy,
)
from eproxy_engine.spaces import Architecture

Chosen = TypeVar("Chosen")
"""What a strategy yields."""
Steps = Generator[list[Evaluation], Mapping[str, Outcome], None]
BREATH = 20
"""Number of steps without evaluations between two chances to pause."""
MOST_STALE = 10_000
"""Number of consecutive trials without a new architecture after which a strategy counts as exhausted."""


class _Begun(NamedTuple):
    """A candidate whose scores have been asked for."""

    candidate: Candidate[Architecture]
    evaluations: list[Evaluation]


@dataclass
class ArchitectureSearch:
    """An architecture search under way; ``trials`` grows while :meth:`steps` is driven."""

    domain: Domain
    settings: ArchitectureSearchSettings
    seed: int
    proxy: Fitness | None = None
    spent: tuple[str, ...] = ()
    """Architectures whose accuracies designed the proxy."""
    images: str = "bundled"
    """Images of the scores that a strategy's own model needs."""
    proxy_seed: int = 1
    """Seed of these scores."""
    trials: list[Trial] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    """Accuracies of the queried architectures, in the order of the queries."""
    improvements: list[tuple[int, float]] = field(default_factory=list)
    """Each improvement of the best accuracy: number of the query and accuracy."""
    scored: dict[str, int] = field(default_factory=dict)
    """Place in the history of the first score of each scored architecture."""
    own_seconds: float = 0.0
    """Processor time that the strategy took to choose, which includes what it trains for itself."""
    _computed: int = 0
    """Number of evaluations that a strategy's own model has asked for."""
    _begun: int = 0
    """Number of architectures whose scores have been asked for."""
    _under_way: deque[_Begun] = field(default_factory=deque)
    """Children of the evolution by the proxy that are not in the history yet, oldest first."""
    _scores: list[tuple[float, ...]] = field(default_factory=list)
    _flops: list[int] = field(default_factory=list)
    """Scores and FLOPs of the scored trials, which come first in the history after the spent ones."""
    _allowed: int = 0
    """Number of queried architectures within the constraints."""

    @property
    def remaining(self) -> int:
        """Maximum number of evaluations that have not been asked for yet."""
        if self.proxy is None:
            return max(self.settings.scored * len(panel(self.settings.panel).scores) - self._computed, 0)
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
            yield from self._by_accuracy(ON_ACCURACY[self.settings.strategy](self))

    @property
    def known(self) -> dict[Architecture, float]:
        """Accuracies of the queried architectures."""
        return {self.domain.family.parse(text): accuracy for text, accuracy in self.asked.items()}

    def ahead(self) -> list[Evaluation]:
        """Return the evaluations of the children after the oldest one, which will be asked for in any case."""
        return [evaluation for child in islice(self._under_way, 1, None) for evaluation in child.evaluations]

    def by_score(self) -> list[int]:
        """Return the places of the scored architectures in the history, best first, ties by age."""
        assert self.proxy is not None
        places, offset = list(self.scored.values()), len(self.spent)
        scores = [self._scores[place - offset] for place in places]
        flops = [self._flops[place - offset] for place in places]
        texts = [self.trials[place].architecture for place in places]
        fitness = dict(zip(places, self.proxy.fitness(texts, scores, flops), strict=True))
        return sorted(places, key=lambda place: -fitness[place])

    def _evolution(self, cycles: int | None = None, first: Sequence[Architecture] = ()) -> Strategy[Architecture]:
        given = self.settings
        population = len(first) or given.population
        return evolution_of_moves(self.domain, population, given.tournament, cycles, self.seed, first)

    def _architecture(self, place: int) -> Architecture:
        """Return the architecture of a trial."""
        return self.domain.family.parse(self.trials[place].architecture)

    # --- by the proxy ---

    def _by_proxy(self) -> Steps:
        """Evolve by the scores, then query the best, then their neighbours."""
        assert self.proxy is not None
        given, strategy = self.settings, self._evolution(cycles=self.settings.cycles)
        yield from self._score(self._begun_with(next(strategy)))
        yield from self._score_children(strategy)
        for place in self.by_score():
            if self._done(keep=given.neighbours):
                break
            if self.trials[place].architecture in self.domain.accuracies:
                self._query(self._architecture(place), place)
        if given.neighbours and not self._done():
            measured = self.domain if self.domain.measured else replace(self.domain, measured=True)
            yield from self._by_accuracy(local_search_of_moves(measured, self.seed, self._best_asked()))

    def _best_of_pool(self) -> Generator[list[Evaluation], Mapping[str, Outcome], list[Architecture]]:
        """Score different random architectures and return the best."""
        rng, pool = np.random.default_rng(self.seed), dict[Architecture, None]()
        for _ in range(MOST_STALE):
            pool[self.domain.sample(rng)] = None
            if len(pool) == self.settings.pool:
                break
        yield from self._score(self._begun_with(map(Candidate, pool)))
        return [self._architecture(place) for place in islice(self.by_score(), self.settings.population)]

    def _score_children(self, strategy: Strategy[Architecture]) -> Steps:
        """Score children in order; begin each when all but ``in_flight`` − 1 of its predecessors are scored."""
        children = self._children(strategy)
        while True:
            for child in islice(children, self.settings.children_in_flight - len(self._under_way)):
                self._under_way += self._begun_with([child])
            if not self._under_way:
                return
            yield from self._score([self._under_way[0]])
            self._under_way.popleft()

    def _children(self, strategy: Strategy[Architecture]) -> Iterator[Candidate[Architecture]]:
        """Yield children bred from what is scored at that time."""
        assert self.proxy is not None
        try:
            while True:
                texts = [trial.architecture for trial in self.trials[len(self.spent) :]]
                yield from strategy.send(self.proxy.fitness(texts, self._scores, self._flops))
        except StopIteration:
            return

    def _begun_with(self, candidates: Iterable[Candidate[Architecture]]) -> list[_Begun]:
        assert self.proxy is not None
        begun = [_Begun(each, self.proxy.evaluations(str(each.value))) for each in candidates]
        self._begun += len(begun)
        return begun

    def _score(self, begun: list[_Begun]) -> Steps:
        assert self.proxy is not None
        outcomes = yield [evaluation for each in begun for evaluation in each.evaluations]
        offset = len(self.spent)
        for candidate, evaluations in begun:
            text, size = str(candidate.value), self.domain.size(candidate.value)
            scores = self.proxy.scores(text, size, [outcomes[evaluation.key] for evaluation in evaluations])
            self._scores.append(scores)
            self._flops.append(size.flops)
            self.scored.setdefault(text, len(self.trials))
            parent = None if candidate.parent is None else candidate.parent + offset
            written = tuple(score if math.isfinite(score) else None for score in scores)
            self.trials.append(Trial(text, parent, size.parameters, size.flops, written, jumped=candidate.jumped))

    # --- by the accuracy ---

    def _by_accuracy(self, strategy: ModelledStrategy[Architecture]) -> Steps:
        """Query every candidate until the queries are used up or nothing new comes."""
        offset, fitness, stale = len(self.trials), list[float](), 0
        chosen = self._timed(_driven(strategy, fitness))
        for count, candidates in enumerate(chosen, start=1):
            if isinstance(candidates, Needed):
                self._computed += len(candidates.evaluations)
                candidates.take((yield candidates.evaluations))
                continue
            for candidate in candidates:
                if self._done() or stale >= MOST_STALE:
                    return
                parent = None if candidate.parent is None else candidate.parent + offset
                trial = self._query(candidate.value, parent, candidate.jumped)
                assert trial.accuracy is not None
                fitness.append(trial.accuracy)
                stale = 0 if trial.query else stale + 1
            if count % BREATH == 0 or len(candidates) > 1:
                yield []

    def _timed(self, steps: Iterator[Chosen]) -> Iterator[Chosen]:
        """Yield what a strategy chooses, and count the time that it takes."""
        while True:
            begun = time.thread_time()
            candidates = next(steps, None)
            self.own_seconds += time.thread_time() - begun
            if candidates is None:
                return
            yield candidates

    def _query(self, architecture: Architecture, parent: int | None, jumped: bool = False) -> Trial:
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
        trial = Trial(text, parent, size.parameters, size.flops, (), query, self.asked[text], jumped)
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


def _driven(strategy: Generator[Chosen, Sequence[float], None], fitness: list[float]) -> Iterator[Chosen]:
    """Yield the candidates of a strategy; ``fitness`` must cover all of them before the next ones."""
    try:
        candidates = next(strategy)
        while True:
            yield candidates
            candidates = strategy.send(fitness)
    except StopIteration:
        return
