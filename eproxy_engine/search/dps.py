"""Discrete Proxy Search (§2.2, A.6): which configuration ranks a handful of architectures best.

The search is a function of the problem, the settings and the outcomes of the evaluations it asks for: it yields
those, and is sent their outcomes. Whoever runs it takes them from a store or has them computed; replaying it from
stored outcomes gives the very same history.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.search.racing import attainable_rho, extremes_first
from eproxy_engine.search.settings import DpsSettings
from eproxy_engine.search.strategies import Candidate
from eproxy_engine.statistics import spearman

Steps = Generator[list[Evaluation], Mapping[str, Outcome], None]
UNDEFINED = -1.0
"""Fitness where every architecture diverged or scored the same: below all others."""
AT_ONCE = 5
"""Configurations of a first population that are evaluated together: enough to keep many cores busy, and few enough to
see the history grow."""
RACE_STEP = 2
"""Architectures between two looks at what is still attainable, and so evaluated at a time."""


@dataclass(frozen=True)
class Problem:
    """The architectures that a configuration is to rank, in one search space on one task."""

    space: str
    architectures: tuple[str, ...]
    accuracy: tuple[float, ...]
    flops_norm: tuple[float, ...]
    """FLOPs over those of the largest architecture of the space."""
    images: str
    seed: int


@dataclass(frozen=True)
class Trial:
    """One configuration that was tried."""

    configuration: Configuration
    parent: int | None
    """Place in the history of the one it was mutated from."""
    rho: float
    """Spearman's on the architectures of the problem, the mean over seeds; optimistic for the best of many. Where
    the evaluation was cut short: the highest it could still have reached. −1 where undefined."""
    evaluated: int
    """Architectures, all of them unless racing cut it short."""
    diverged: int
    """Evaluations that did."""
    scores: tuple[float | None, ...]
    """Of each architecture, the mean over seeds; None where one diverged, empty if it was cut short."""
    reused: bool
    """Whether it needed no training: an earlier trial has the same training part (only α differs, say)."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; :meth:`from_dict` takes them back."""
        return {**vars(self), "configuration": self.configuration.as_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Trial:
        """The trial of plain values. Raises UserError."""
        configuration = Configuration.from_dict(values["configuration"])
        return cls(**{**values, "configuration": configuration, "scores": tuple(values["scores"])})


class _Found(NamedTuple):
    """What the outcomes say of a configuration; the fields are a Trial's."""

    rho: float
    evaluated: int
    diverged: int
    scores: tuple[float | None, ...]


@dataclass
class Dps:
    """A search under way; ``trials`` grows while :meth:`steps` is driven."""

    problem: Problem
    settings: DpsSettings
    trials: list[Trial] = field(default_factory=list)
    _begun: int = 0
    """Configurations of which evaluations have been asked for."""
    _coming: int = 0
    """Architectures that the configuration under way has still to be evaluated on."""
    _trained: dict[str, int] = field(default_factory=dict)
    """How many architectures each training part was evaluated on."""

    @property
    def remaining(self) -> int:
        """Evaluations that have not been asked for yet, at most."""
        trials = (self.settings.trials - self._begun) * len(self.problem.architectures)
        return (trials + self._coming) * self.settings.seeds

    def steps(self) -> Steps:
        """Yields evaluations, to be sent their outcomes by key (at least those just asked for)."""
        if self.settings.prior:
            yield from self._several([Candidate(self.settings.prior_configuration())])
        strategy = self.settings.start(self.problem.seed)
        candidates = next(strategy)
        while True:
            yield from self._one(*candidates) if len(candidates) == 1 else self._several(candidates)
            try:
                candidates = strategy.send([trial.rho for trial in self.trials[self.settings.prior :]])
            except StopIteration:
                return

    def _one(self, candidate: Candidate[Configuration]) -> Steps:
        self._begun += 1
        self._keep(candidate, (yield from self._raced(candidate.value)))

    def _several(self, candidates: list[Candidate[Configuration]]) -> Steps:
        for start in range(0, len(candidates), AT_ONCE):
            some = candidates[start : start + AT_ONCE]
            self._begun += len(some)
            outcomes = yield [evaluation for each in some for evaluation in self._evaluations(each.value)]
            for each in some:
                self._keep(each, self._judged(each.value, outcomes))

    def _keep(self, candidate: Candidate[Configuration], found: _Found) -> None:
        """The strategy does not know of the prior, which is the first in the history."""
        parent = None if candidate.parent is None else candidate.parent + self.settings.prior
        part = candidate.value.training_part().digest()
        reused = found.evaluated <= self._trained.get(part, 0)
        self._trained[part] = max(found.evaluated, self._trained.get(part, 0))
        self.trials.append(Trial(candidate.value, parent, *found, reused))

    def _evaluations(self, configuration: Configuration, places: list[int] | None = None) -> list[Evaluation]:
        """Architecture by architecture, its seeds together."""
        problem = self.problem
        chosen = range(len(problem.architectures)) if places is None else places
        return [
            Evaluation.of(problem.space, problem.architectures[place], configuration, problem.images, problem.seed + k)
            for place in chosen
            for k in range(self.settings.seeds)
        ]

    def _judged(self, configuration: Configuration, outcomes: Mapping[str, Outcome]) -> _Found:
        scores, diverged = self._scores(configuration, outcomes, list(range(len(self.problem.architectures))))
        rho = float(np.mean([spearman(row, self.problem.accuracy) for row in scores]))
        means = tuple(mean if math.isfinite(mean) else None for mean in scores.mean(axis=0).tolist())
        return _Found(rho if math.isfinite(rho) else UNDEFINED, len(means), diverged, means)

    def _scores(
        self, configuration: Configuration, outcomes: Mapping[str, Outcome], places: list[int]
    ) -> tuple[np.ndarray, int]:
        """Scores, shape (seeds, places), and how many of them diverged."""
        found = [outcomes[evaluation.key] for evaluation in self._evaluations(configuration, places)]
        norms = np.repeat([self.problem.flops_norm[place] for place in places], self.settings.seeds)
        scores = [outcome.score(configuration, float(norm)) for outcome, norm in zip(found, norms, strict=True)]
        diverged = sum(outcome.diverged for outcome in found)
        return np.array(scores).reshape(len(places), self.settings.seeds).T, diverged

    def _raced(self, configuration: Configuration) -> Generator[list[Evaluation], Mapping[str, Outcome], _Found]:
        """All architectures, or as many as it takes to see that the population's median is out of reach."""
        accuracy = np.array(self.problem.accuracy)
        if not self.settings.racing:
            return self._judged(configuration, (yield self._evaluations(configuration)))
        order = [int(place) for place in extremes_first(accuracy)]
        median = float(np.median([trial.rho for trial in self.trials[-self.settings.population :]]))
        seen: dict[str, Outcome] = {}
        for end in range(RACE_STEP, len(order) + RACE_STEP, RACE_STEP):
            self._coming = max(len(order) - end, 0)
            seen |= yield self._evaluations(configuration, order[end - RACE_STEP : end])
            if end >= len(order):
                break
            done, rest = order[:end], order[end:]
            scores, diverged = self._scores(configuration, seen, done)
            attainable = float(np.mean([attainable_rho(row, accuracy[done], accuracy[rest]) for row in scores]))
            if attainable < median:
                self._coming = 0
                return _Found(attainable, end, diverged, ())
        return self._judged(configuration, seen)
