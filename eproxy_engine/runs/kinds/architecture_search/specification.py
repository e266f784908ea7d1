"""Specification of an architecture search."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

import numpy as np

from eproxy_engine import spaces
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.benchmarks import known
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import preset
from eproxy_engine.proxy.evaluation import TORCH
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.specification import Specification, arithmetic_of, check_seed, sample_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Proxy
from eproxy_engine.scoring.proxy import plain_values, proxy_of
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.proxy_fitness import Fitness, ProxyFitness
from eproxy_engine.search.architecture_search.ranking_fitness import RankingFitness, labels_of
from eproxy_engine.search.architecture_search.search import ArchitectureSearch
from eproxy_engine.search.architecture_search.settings import STRATEGIES, ArchitectureSearchSettings

MOST_SEEDS = 200


@dataclass(frozen=True)
class ArchitectureSearchSpecification(Specification):
    """Immutable specification of an architecture search: one strategy in one space on one task, with several seeds."""

    kind: ClassVar[str] = "search"

    space: str
    task: str
    settings: ArchitectureSearchSettings = field(default_factory=ArchitectureSearchSettings)
    proxy: Proxy = field(default_factory=preset)
    """Proxy of the strategies that need one. The fitness of an ensemble is the aggregated rank among all scored
    architectures."""
    spent: Sample | None = None
    """Measured architectures that the proxy was designed on (DPS); every seed queries them first."""
    images: str = "bundled"
    seeds: tuple[int, ...] = (1,)
    """Seeds of the strategy: its draws, mutations and tournaments."""
    proxy_seed: int = 1
    """Seed of the proxy's images, weights and targets. All searches use it, so that they share evaluations."""
    arithmetic: str = field(default=TORCH, compare=False)

    @property
    def seed(self) -> int:  # type: ignore[override]
        """First seed."""
        return self.seeds[0]

    @property
    def title(self) -> str:
        given = self.settings
        seeds = f"{len(self.seeds)} seeds" if len(self.seeds) > 1 else f"seed {self.seed}"
        in_flight = given.children_in_flight
        asynchronous = f", {in_flight} children in flight" if in_flight > 1 else ""
        limits = f", {given.constraints}" if given.constraints.bound else ""
        queries = "until the optimum" if given.stop_at_optimum else counted(given.queries, "query", "queries")
        return (
            f"{self.space_title}, {self.task}: {STRATEGIES[given.strategy]}, {queries}{asynchronous}, {seeds}{limits}"
        )

    @property
    def domain(self) -> Domain:
        """Architectures that the search may try."""
        return Domain(self.space, self.task, self.settings.measured, self.settings.constraints)

    def searches(self) -> list[ArchitectureSearch]:
        """Return a new search per seed. Raises UserError."""
        domain, spent = self.domain, self.spent_architectures()
        fitness = self.fitness() if self.settings.needs_proxy else None
        return [
            ArchitectureSearch(domain, self.settings, seed, fitness, spent, self.images, self.proxy_seed)
            for seed in self.seeds
        ]

    def fitness(self) -> Fitness:
        """Return the fitness of the strategies that need a proxy or, with labels from another space, a ranking."""
        given = self.settings
        if given.labels_from:
            return RankingFitness(self.space, given.labels_from, given.panel, self.images, self.proxy_seed)
        return ProxyFitness(self.space, self.task, self.proxy, self.images, self.proxy_seed, self.arithmetic)

    def spent_architectures(self) -> tuple[str, ...]:
        """Return the architectures whose accuracies designed the proxy. Raises UserError."""
        return () if self.spent is None else tuple(self.spent.draw(self.space, self.task)["architecture"])

    def checked(self) -> ArchitectureSearchSpecification:
        if not 1 <= len(self.seeds) <= MOST_SEEDS or len(set(self.seeds)) < len(self.seeds):
            raise UserError(f"seeds {self.seeds}; accepted: 1 to {MOST_SEEDS} different ones")
        for seed in (*self.seeds, self.proxy_seed):
            check_seed("seed", seed)
        super().checked()
        self._check_queries()
        if self.settings.needs_proxy:
            self._check_proxy()
        self._check_domain()
        return self

    def _check_queries(self) -> None:
        measured, spent, given = len(known(self.space, self.task)), self.spent_architectures(), self.settings
        if given.queries and not measured:
            raise UserError(
                f"{given.queries} queries, but no accuracy on {self.task} is known in {self.space}; accepted: "
                f"proxy-evolution with 0 queries. {spaces.get(self.space).ground_truth_hint}"
            )
        unknown = [text for text in spent if text not in self.domain.known]
        if unknown:
            raise UserError(f"the accuracy of {unknown[0]} on {self.task} is unknown; accepted: measured architectures")
        if not len(spent) <= given.queries <= measured:
            least = max(len(spent), 1)
            raise UserError(f"{given.queries:,} queries; accepted: {least} to {measured:,}, the measured architectures")

    def _check_proxy(self) -> None:
        if self.settings.labels_from:
            labels_of(self.settings.labels_from, self.settings.panel)
        for member in self.fitness().members:
            if isinstance(member, Baseline):
                member.checked()
                if member.tabulated and member.name not in tabulated.SIZES:
                    tabulated.scores(member.name, known(self.space, self.task))

    def _check_domain(self) -> None:
        """Try a draw and, where no jump is possible, a mutation: an impossible search is refused before its launch."""
        rng, domain = np.random.default_rng(self.seed), self.domain
        drawn = domain.sample(rng)
        if self.settings.mutates and not domain.jumps:
            domain.mutate(drawn, rng)

    def as_dict(self) -> dict[str, Any]:
        return {
            "space": self.space,
            "task": self.task,
            "settings": self.settings.as_dict(),
            **plain_values(self.proxy),
            "spent": asdict(self.spent) if self.spent else None,
            "images": self.images,
            "seeds": list(self.seeds),
            "proxy_seed": self.proxy_seed,
            **arithmetic_of(self),
        }

    @classmethod
    def _from_dict(cls, values: dict[str, Any]) -> ArchitectureSearchSpecification:
        return cls(
            **{
                **{name: value for name, value in values.items() if name not in ("configuration", "ensemble")},
                "settings": ArchitectureSearchSettings.from_dict(values["settings"]),
                "proxy": proxy_of(values),
                "spent": sample_of(values["spent"]) if values.get("spent") else None,
                "seeds": tuple(values["seeds"]),
            }
        )


def spent_by(design: Specification, space: str, task: str) -> Sample | None:
    """Return the sample of a proxy search on this space and task, whose accuracies are already queried; else None."""
    if isinstance(design, ProxySearchSpecification) and (design.space, design.task) == (space, task):
        return design.sample
    return None
