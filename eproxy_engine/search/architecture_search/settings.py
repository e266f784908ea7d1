"""How an architecture search is carried out, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from eproxy_engine import spaces
from eproxy_engine.accepted import Between, OneOf
from eproxy_engine.errors import UserError
from eproxy_engine.fields import Part, Settings, setting
from eproxy_engine.learning.panels.panel import PANELS, TITLES
from eproxy_engine.learning.panels.shipped import labelled_spaces
from eproxy_engine.search.architecture_search.constraints import Constraints

STRATEGIES = {
    "bayesian": "Bayesian search on the accuracy",
    "random": "random search",
    "evolution": "regularized evolution on the accuracy",
    "local": "local search on the accuracy",
    "proxy-evolution": "regularized evolution on a proxy, then queries of its best",
    "seeded-evolution": "regularized evolution on the accuracy, from the proxy's best",
    "weaknas": "WeakNAS: queries of the best by a weak predictor",
    "lanas": "LaNAS: Monte Carlo tree search over learned splits",
    "mcts": "Monte Carlo tree search over the choices (AlphaX)",
    "nao": "NAO: gradient steps in a latent space",
    "semi-nas": "Semi-NAS: NAO that learns from its predictions too",
}
BY_PROXY = ("proxy-evolution", "seeded-evolution")
"""Strategies that need a proxy."""
LEARNED = ("bayesian", "weaknas", "lanas", "mcts", "nao", "semi-nas")
"""Strategies that learn which choices are good, and go wherever that leads."""
BY_ACCURACY = (*LEARNED, "random", "evolution", "local", "seeded-evolution")
"""Strategies that go by measured accuracies from their first or second step on."""

ACQUISITION_TITLES = {
    "improvement": "expected improvement",
    "thompson": "Thompson sampling",
    "upper-bound": "upper bound",
}

LABELLED = {name: spaces.get(name).title for name in labelled_spaces()}
"""Titles of the search spaces whose accuracies can be the labels of a learned ranking, by name."""

FURTHER = 10
"""Random architectures that every query of a model adds to the candidates whose scores are computed, and mutants of the
best, as many."""


@dataclass(frozen=True)
class ArchitectureSearchSettings(Settings, what="search of architectures"):
    """Evolution's defaults are the paper's for DPS (A.6): it gives none for architectures."""

    strategy: str = setting(
        "bayesian", "Strategy", OneOf(STRATEGIES, STRATEGIES), help="Decides which architecture is tried next."
    )
    queries: int = setting(
        60,
        "Queries",
        Between(0, 1_000_000, step=20),
        help="Most architectures whose accuracy is looked up, including those that designed the proxy. Looking the "
        "same one up again is free.",
    )
    population: int = setting(
        40, "Population", Between(2, 1000), help="Architectures drawn first, and alive in evolution."
    )
    tournament: int = setting(
        10, "Tournament", Between(1, 1000), help="Living ones drawn at a time; the fittest becomes a parent."
    )
    cycles: int = setting(
        200,
        "Cycles",
        Between(0, 100_000),
        help="Children that the proxy scores after the first population (proxy-evolution). They cost no query.",
    )
    pool: int = setting(
        200,
        "Pool",
        Between(2, 100_000),
        help="Random architectures that the proxy ranks; the best are the first population (seeded-evolution). With "
        "computed scores: the first candidates (bayesian).",
    )
    neighbours: int = setting(
        0,
        "Neighbours",
        Between(0, 1_000_000),
        help="Queries spent on neighbours of the best, after the proxy's best (proxy-evolution). Paper: 70 of 150 "
        "(§3.5).",
    )
    stop_at_optimum: bool = setting(
        False,
        "Stop at the optimum",
        help="End a search with the query of the best measured architecture, as Table 7 counts. Outside a benchmark, "
        "nobody would know it.",
    )
    measured: bool = setting(
        True,
        "Only measured architectures",
        help="With measured architectures only, every architecture that is tried can be queried. In the whole space, "
        "the proxy also leads to others, and only the measured ones among its best are queried (proxy-evolution).",
        flag="--whole-space",
    )
    first: int | None = setting(
        None,
        "First queries",
        Between(1, 1000, optional=True),
        help="Queries before a model decides. Empty: as many as the strategy's paper has; bayesian 3.",
        later=True,
    )
    batch: int | None = setting(
        None,
        "Queries at a time",
        Between(1, 1000, optional=True),
        help="Architectures that a model asks for before it learns from them, so that they can be trained side by "
        "side. Empty: as many as the strategy's paper has; bayesian 1.",
        later=True,
    )
    acquisition: str = setting(
        "improvement",
        "Acquisition",
        OneOf(tuple(ACQUISITION_TITLES), ACQUISITION_TITLES),
        help="What makes the model ask for an architecture (bayesian).",
        later=True,
    )
    panel: str = setting(
        "quick",
        "Scores",
        OneOf(tuple(PANELS), TITLES),
        help="Cheap scores that a model weighs: for bayesian, those that ship for all architectures that may be "
        "tried; with labels from another space, all of them.",
        later=True,
    )
    compute: bool = setting(
        False,
        "Compute scores",
        help="Compute the scores that do not ship (bayesian), for a pool of random architectures at first and for 20 "
        "more with every query. Without it, scores that do not ship are left out.",
        later=True,
    )
    labels_from: str = setting(
        "",
        "Labels from",
        OneOf(("", *LABELLED), {"": "none: a proxy leads", **LABELLED}),
        help="A learned ranking leads instead of a proxy (proxy-evolution, seeded-evolution). It learns from the "
        "accuracies of this search space, and computes the scores for every architecture that it ranks.",
        later=True,
    )
    in_flight: int = setting(
        1,
        "Children in flight",
        Between(1, 64),
        help="Children whose scores are computed at the same time (proxy-evolution). With 1, each child is bred from "
        "all before it. More (asynchronous evolution) keep many cores busy, best twice as many as there are, but a "
        "child is bred before the latest ones are scored.",
        later=True,
    )
    constraints: Constraints = setting(
        Constraints(), "Constraints", Part(Constraints), help="What an architecture may be, to be tried at all."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.strategy in BY_ACCURACY and not self.measured:
            raise UserError(f"{self.strategy} needs accuracies; accepted: measured architectures only")
        if self.strategy in BY_ACCURACY and not self.queries:
            raise UserError(f"0 queries of {self.strategy}, which goes by accuracies; accepted: 1 or more")
        if self.labels_from and not self.needs_proxy:
            raise UserError(f"labels from {self.labels_from} for {self.strategy}; accepted: {', '.join(BY_PROXY)}")
        if self.strategy == "seeded-evolution" and self.pool < self.population:
            raise UserError(f"a pool of {self.pool} for a population of {self.population}; accepted: no fewer")

    @property
    def needs_proxy(self) -> bool:
        """Whether the strategy goes by a proxy's scores as well, or alone; or by a learned ranking in its place."""
        return self.strategy in BY_PROXY

    @property
    def mutates(self) -> bool:
        """Whether it goes from architecture to architecture."""
        return self.strategy not in ("random", *LEARNED) and not (
            self.strategy == "proxy-evolution" and self.cycles == 0 and self.neighbours == 0
        )

    @property
    def children_in_flight(self) -> int:
        """``in_flight`` of an evolution by a proxy; no other strategy has children that are trained."""
        return self.in_flight if self.strategy == "proxy-evolution" else 1

    @property
    def scored(self) -> int:
        """Architectures whose scores are computed, at most."""
        if self.strategy == "proxy-evolution":
            return self.population + self.cycles
        if self.strategy == "bayesian" and self.compute:
            return self.pool + 2 * FURTHER * self.queries
        return self.pool if self.needs_proxy else 0
