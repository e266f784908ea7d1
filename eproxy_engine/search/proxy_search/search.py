"""Discrete Proxy Search (§2.2, A.6): which configuration ranks a handful of architectures best.

The search is a function of the problem, the settings and the outcomes of its evaluations: it yields evaluations and
receives their outcomes, stored or computed. A replay from stored outcomes gives the same history.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.search.proxy_search.judging import UNDEFINED, Judging, Problem
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings
from eproxy_engine.search.strategies import Candidate, Strategy

__all__ = ["UNDEFINED", "Dps", "Problem", "Steps", "Trial"]

Steps = Generator[list[Evaluation], Mapping[str, Outcome], None]
FIRST_IN_FLIGHT = 16
"""Number of independent configurations, those of the prior and the first population, under way together."""


@dataclass(frozen=True)
class Trial:
    """One configuration that was tried."""

    configuration: Configuration
    parent: int | None
    """Place of its parent in the history."""
    rho: float
    """Mean over seeds of Spearman's ρ on the architectures of the problem; optimistic for the best of many. If the
    evaluation was cut short: the highest ρ it could still have reached. −1 where undefined."""
    evaluated: int
    """Number of evaluated architectures: all, unless racing cut it short."""
    diverged: int
    """Number of diverged evaluations."""
    scores: tuple[float | None, ...]
    """Mean score over seeds of each architecture; None where an evaluation diverged, empty if it was cut short."""
    reused: bool
    """Whether it needed no training, because an earlier trial has the same training part (only α differs, say)."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_dict` reads them."""
        return {**vars(self), "configuration": self.configuration.as_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Trial:
        """Return the trial in plain values. Raises UserError."""
        configuration = Configuration.from_dict(values["configuration"])
        return cls(**{**values, "configuration": configuration, "scores": tuple(values["scores"])})


@dataclass
class Dps:
    """A proxy search under way; ``trials`` grows while :meth:`steps` is driven.

    Several configurations are judged at a time. The outcomes of the oldest decide when the next one is chosen, so that
    the history does not depend on the order of arrival.
    """

    problem: Problem
    settings: ProxySearchSettings
    trials: list[Trial] = field(default_factory=list)
    _begun: int = 0
    """Number of configurations whose evaluations have been asked for."""
    _under_way: deque[Judging] = field(default_factory=deque)
    """Begun configurations that are not in the history yet, oldest first."""
    _trained: dict[str, int] = field(default_factory=dict)
    """Number of architectures that each training part was evaluated on."""

    @property
    def remaining(self) -> int:
        """Maximum number of evaluations that have not been asked for yet."""
        trials = (self.settings.trials - self._begun) * len(self.problem.architectures)
        return trials * self.settings.seeds + sum(judging.coming for judging in self._under_way)

    def steps(self) -> Steps:
        """Yield evaluations; receive outcomes by key, at least those of the evaluations just yielded."""
        prior = [Candidate(self.settings.prior_configuration())] if self.settings.prior else []
        strategy = self.settings.start(self.problem.seed)
        yield from self._judged(map(self._judging, [*prior, *next(strategy)]), FIRST_IN_FLIGHT)
        yield from self._judged(self._children(strategy), self.settings.children_in_flight)

    def ahead(self, outcomes: Mapping[str, Outcome]) -> list[Evaluation]:
        """Return the evaluations that the configurations after the oldest one wait for, as far as ``outcomes`` lead.

        They will be asked for in any case.
        """
        younger = list(islice(self._under_way, 1, None))
        for judging in younger:
            judging.advance(outcomes)
        return [evaluation for judging in younger for evaluation in judging.wanted]

    def _judged(self, next_ones: Iterator[Judging], in_flight: int) -> Steps:
        """Judge in order; begin each when all but ``in_flight`` − 1 of its predecessors are in the history."""
        while True:
            for judging in islice(next_ones, in_flight - len(self._under_way)):
                self._begun += 1
                self._under_way.append(judging)
            if not self._under_way:
                return
            oldest = self._under_way[0]
            while oldest.verdict is None:
                oldest.advance((yield oldest.wanted))
            self._keep(self._under_way.popleft())

    def _judging(self, candidate: Candidate[Configuration], bar: float | None = None) -> Judging:
        return Judging(self.problem, candidate, self.settings.seeds, bar)

    def _children(self, strategy: Strategy[Configuration]) -> Iterator[Judging]:
        """Yield children bred from the history at that time, raced against the median of the living population."""
        try:
            while True:
                for child in strategy.send([trial.rho for trial in self.trials[self.settings.prior :]]):
                    living = [trial.rho for trial in self.trials[-self.settings.population :]]
                    yield self._judging(child, float(np.median(living)) if self.settings.racing else None)
        except StopIteration:
            return

    def _keep(self, judged: Judging) -> None:
        """Add to the history, whose first trial is the prior; the strategy does not know it."""
        candidate, verdict = judged.candidate, judged.verdict
        assert verdict is not None
        parent = None if candidate.parent is None else candidate.parent + self.settings.prior
        part = candidate.value.training_part().digest()
        reused = verdict.evaluated <= self._trained.get(part, 0)
        self._trained[part] = max(verdict.evaluated, self._trained.get(part, 0))
        self.trials.append(Trial(candidate.value, parent, *verdict, reused))
