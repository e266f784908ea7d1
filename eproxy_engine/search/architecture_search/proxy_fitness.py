"""A proxy as the fitness of architectures: its evaluations, its scores and the ranking."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

from eproxy_engine import benchmarks
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.scoring import Member, Proxy, combined, flops_norm, is_computed, members_of
from eproxy_engine.search.architecture_search.constraints import Size


class Fitness(Protocol):
    """What leads a search: :class:`ProxyFitness`, or the learned ranking of :mod:`.ranking_fitness`."""

    @property
    def members(self) -> tuple[Member, ...]:
        """Proxies whose scores it takes."""

    def evaluations(self, architecture: str, /) -> list[Evaluation]:
        """See :meth:`ProxyFitness.evaluations`."""

    def scores(self, architecture: str, size: Size, outcomes: Iterable[Outcome], /) -> tuple[float, ...]:
        """See :meth:`ProxyFitness.scores`."""

    def fitness(
        self, architectures: Sequence[str], scores: Sequence[tuple[float, ...]], flops: Sequence[int], /
    ) -> list[float]:
        """See :meth:`ProxyFitness.fitness`."""


@dataclass(frozen=True)
class ProxyFitness:
    """A proxy as a fitness in one space, with one seed of its images, weights and targets."""

    space: str
    task: str
    proxy: Proxy
    images: str
    seed: int
    arithmetic: str = TORCH

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Members in standard form; one unless the proxy is an ensemble."""
        return tuple(member.canonical() for member in members_of(self.proxy))

    def evaluations(self, architecture: str) -> list[Evaluation]:
        """Return one evaluation per computed member."""
        return [
            Evaluation.of(self.space, architecture, member, self.images, self.seed, self.arithmetic)
            for member in self.members
            if is_computed(member)
        ]

    def scores(self, architecture: str, size: Size, outcomes: Iterable[Outcome]) -> tuple[float, ...]:
        """Score an architecture.

        Args:
            architecture: Architecture as canonical text.
            size: Its parameters and FLOPs.
            outcomes: One outcome for each of :meth:`evaluations`.

        Returns:
            One score per member, higher is better; −inf where an evaluation diverged or failed.
        """
        rest = iter(outcomes)
        return tuple(
            self._read(member, architecture, size)
            if isinstance(member, Baseline) and member.tabulated
            else next(rest).score(member, flops_norm(member, self.space, size.flops))
            for member in self.members
        )

    def fitness(
        self, architectures: Sequence[str], scores: Sequence[tuple[float, ...]], flops: Sequence[int]
    ) -> list[float]:
        """Return one fitness per architecture, from its scores and FLOPs.

        The fitness of an ensemble is the aggregated rank among the given architectures, so it changes as more come.
        """
        members = np.array(scores, dtype=float).reshape(-1, len(self.members)).T
        return combined(self.proxy, members, np.array(flops, dtype=float)).tolist()

    def _read(self, member: Baseline, architecture: str, size: Size) -> float:
        if member.name in tabulated.SIZES:
            return float(getattr(size, member.name))
        return _read_off(self.space, self.task, member.name, benchmarks.version(self.space)).get(
            architecture, -math.inf
        )


@lru_cache(maxsize=8)
def _read_off(space: str, task: str, name: str, version: tuple[tuple[str, int], ...]) -> dict[str, float]:
    table = benchmarks.known(space, task)
    values = tabulated.scores(name, table).fillna(-math.inf)
    return dict(zip(table["architecture"], values.astype(float), strict=True))
