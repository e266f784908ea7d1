"""Discrete Proxy Search (§2.2, A.6): which configuration ranks a handful of architectures best.

The search is a function of the problem, the settings and the outcomes of the evaluations it asks for: it yields
those, and is sent their outcomes. Whoever runs it takes them from a store or has them computed; replaying it from
stored outcomes gives the very same history.
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
"""Configurations of the prior and the first population that are under way together: none depends on another."""


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


@dataclass
class Dps:
    """A search under way; ``trials`` grows while :meth:`steps` is driven.

    Several configurations are judged at a time: the outcomes of the oldest decide when the next one is chosen, whatever
    comes first, so that the history depends on no order of arrival.
    """

    problem: Problem
    settings: ProxySearchSettings
    trials: list[Trial] = field(default_factory=list)
    _begun: int = 0
    """Configurations of which evaluations have been asked for."""
    _under_way: deque[Judging] = field(default_factory=deque)
    """Of those, the ones that are not in the history yet, oldest first."""
    _trained: dict[str, int] = field(default_factory=dict)
    """How many architectures each training part was evaluated on."""

    @property
    def remaining(self) -> int:
        """Evaluations that have not been asked for yet, at most."""
        trials = (self.settings.trials - self._begun) * len(self.problem.architectures)
        return trials * self.settings.seeds + sum(judging.coming for judging in self._under_way)

    def steps(self) -> Steps:
        """Yields evaluations, to be sent their outcomes by key (at least those just asked for)."""
        prior = [Candidate(self.settings.prior_configuration())] if self.settings.prior else []
        strategy = self.settings.start(self.problem.seed)
        yield from self._judged(map(self._judging, [*prior, *next(strategy)]), FIRST_IN_FLIGHT)
        yield from self._judged(self._children(strategy), self.settings.children_in_flight)

    def ahead(self, outcomes: Mapping[str, Outcome]) -> list[Evaluation]:
        """What the configurations after the oldest one under way wait for, as far as these outcomes lead them: it will
        be asked for in any case."""
        younger = list(islice(self._under_way, 1, None))
        for judging in younger:
            judging.advance(outcomes)
        return [evaluation for judging in younger for evaluation in judging.wanted]

    def _judged(self, next_ones: Iterator[Judging], in_flight: int) -> Steps:
        """One after the other, each begun when all but ``in_flight`` − 1 of those before it are in the history."""
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
        """As the history at that time leads to them; raced against the median of those that live then."""
        try:
            while True:
                for child in strategy.send([trial.rho for trial in self.trials[self.settings.prior :]]):
                    living = [trial.rho for trial in self.trials[-self.settings.population :]]
                    yield self._judging(child, float(np.median(living)) if self.settings.racing else None)
        except StopIteration:
            return

    def _keep(self, judged: Judging) -> None:
        """The strategy does not know of the prior, which is the first in the history."""
        candidate, verdict = judged.candidate, judged.verdict
        assert verdict is not None
        parent = None if candidate.parent is None else candidate.parent + self.settings.prior
        part = candidate.value.training_part().digest()
        reused = verdict.evaluated <= self._trained.get(part, 0)
        self._trained[part] = max(verdict.evaluated, self._trained.get(part, 0))
        self.trials.append(Trial(candidate.value, parent, *verdict, reused))
