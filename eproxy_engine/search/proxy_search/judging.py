"""Judgement of one configuration: the evaluations that it still needs, and finally its ρ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.search.proxy_search.racing import attainable_rho, extremes_first
from eproxy_engine.search.strategies import Candidate
from eproxy_engine.statistics import spearman

UNDEFINED = -1.0
"""Fitness if every architecture diverged or scored the same: below all others."""
RACE_STEP = 2
"""Number of architectures evaluated between two looks at the attainable ρ."""


@dataclass(frozen=True)
class Problem:
    """Architectures to rank, in one search space on one task."""

    space: str
    architectures: tuple[str, ...]
    accuracy: tuple[float, ...]
    flops_norm: tuple[float, ...]
    """FLOPs relative to the largest architecture, as the settings of the search say."""
    images: str
    seed: int
    arithmetic: str = TORCH


class Verdict(NamedTuple):
    """Final judgement of a configuration; the fields are a Trial's."""

    rho: float
    evaluated: int
    diverged: int
    scores: tuple[float | None, ...]


class Judging:
    """Judgement under way, which asks for ``wanted`` until ``verdict`` is set.

    Both depend only on its arguments and on outcomes.

    Args:
        problem: Architectures to rank.
        candidate: Configuration to judge.
        seeds: Number of seeds, counted from the problem's.
        bar: A ρ; once it is out of reach, no further architecture is evaluated (racing). None for no racing.
    """

    def __init__(
        self, problem: Problem, candidate: Candidate[Configuration], seeds: int, bar: float | None = None
    ) -> None:
        self.candidate = candidate
        self.verdict: Verdict | None = None
        self._problem, self._seeds, self._bar = problem, seeds, bar
        self._accuracy = np.array(problem.accuracy)
        count = len(self._accuracy)
        self._order = list(range(count)) if bar is None else extremes_first(self._accuracy).tolist()
        self._evaluations = [
            [
                Evaluation.of(
                    problem.space, architecture, candidate.value, problem.images, problem.seed + k, problem.arithmetic
                )
                for k in range(seeds)
            ]
            for architecture in problem.architectures
        ]
        self._found: dict[int, list[Outcome]] = {}
        """Outcomes by place of the architecture, one per seed."""
        self._asked = count if bar is None else min(RACE_STEP, count)

    @property
    def wanted(self) -> list[Evaluation]:
        """Evaluations that it waits for: architecture by architecture, with the seeds of each together."""
        return [evaluation for place in self._waiting for evaluation in self._evaluations[place]]

    @property
    def coming(self) -> int:
        """Number of evaluations that it may ask for later."""
        return 0 if self.verdict else (len(self._order) - self._asked) * self._seeds

    def advance(self, outcomes: Mapping[str, Outcome]) -> None:
        """Advance as far as these outcomes, by key, lead."""
        while self.verdict is None and all(evaluation.key in outcomes for evaluation in self.wanted):
            for place in self._waiting:
                self._found[place] = [outcomes[evaluation.key] for evaluation in self._evaluations[place]]
            self._look()

    @property
    def _waiting(self) -> list[int]:
        return self._order[len(self._found) : self._asked]

    def _look(self) -> None:
        """Decide by all outcomes so far, or ask for more."""
        if self._asked == len(self._order):
            self.verdict = self._whole()
            return
        done, rest = self._accuracy[self._order[: self._asked]], self._accuracy[self._order[self._asked :]]
        scores, diverged = self._scores(self._order[: self._asked])
        attainable = float(np.mean([attainable_rho(row, done, rest) for row in scores]))
        if self._bar is not None and attainable < self._bar:
            self.verdict = Verdict(attainable, self._asked, diverged, ())
        else:
            self._asked = min(self._asked + RACE_STEP, len(self._order))

    def _whole(self) -> Verdict:
        scores, diverged = self._scores(range(len(self._order)))
        rho = float(np.mean([spearman(row, self._problem.accuracy) for row in scores]))
        means = tuple(mean if math.isfinite(mean) else None for mean in scores.mean(axis=0).tolist())
        return Verdict(rho if math.isfinite(rho) else UNDEFINED, len(means), diverged, means)

    def _scores(self, places: Sequence[int]) -> tuple[NDArray[np.float64], int]:
        """Return scores, shape (seeds, places), and the number of diverged evaluations."""
        norms = self._problem.flops_norm
        configuration = self.candidate.value
        scores = [[outcome.score(configuration, norms[place]) for outcome in self._found[place]] for place in places]
        rows = np.array(scores).T
        return rows, int(np.isneginf(rows).sum())
