"""How an architecture search is carried out, as a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from eproxy_engine.errors import UserError, check_named
from eproxy_engine.proxy.reading import known_keys
from eproxy_engine.search.architecture_search.constraints import Constraints

STRATEGIES = {
    "random": "random search",
    "evolution": "regularized evolution on the accuracy",
    "local": "local search on the accuracy",
    "proxy-evolution": "regularized evolution on a proxy, then queries of its best",
    "seeded-evolution": "regularized evolution on the accuracy, from the proxy's best",
}
BY_PROXY = ("proxy-evolution", "seeded-evolution")
"""Strategies that need a proxy."""
BY_ACCURACY = ("random", "evolution", "local", "seeded-evolution")
"""Strategies that go by measured accuracies from their first or second step on."""
RANGES = {
    "queries": (0, 1_000_000),
    "population": (2, 1000),
    "tournament": (1, 1000),
    "cycles": (0, 100_000),
    "pool": (2, 100_000),
    "neighbours": (0, 1_000_000),
}


@dataclass(frozen=True)
class ArchitectureSearchSettings:
    """Evolution's defaults are the paper's for DPS (A.6): it gives none for architectures."""

    strategy: str = "proxy-evolution"
    queries: int = 60
    """Architectures whose accuracy is asked for, at most; those that designed the proxy count."""
    population: int = 40
    tournament: int = 10
    cycles: int = 200
    """Children that a proxy scores, after the first population (proxy-evolution)."""
    pool: int = 200
    """Random architectures that a proxy scores; the best of them are the first population (seeded-evolution)."""
    neighbours: int = 0
    """How many of the queries go to neighbours of the best, after the proxy's best were asked for (proxy-evolution)."""
    stop_at_optimum: bool = False
    """Whether it ends with the query of the best measured architecture, which nobody would know outside a benchmark."""
    measured: bool = True
    """Whether only measured architectures are tried, or any of the space."""
    constraints: Constraints = field(default_factory=Constraints)

    def __post_init__(self) -> None:
        check_named("strategy", self.strategy, STRATEGIES)
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise UserError(f"{name} is {value!r}; accepted: a whole number from {low} to {high:,}")
        for name in ("stop_at_optimum", "measured"):
            if not isinstance(getattr(self, name), bool):
                raise UserError(f"{name} is {getattr(self, name)!r}; accepted: on, off")
        if self.strategy in BY_ACCURACY and not self.measured:
            raise UserError(f"{self.strategy} needs accuracies; accepted: measured architectures only")
        if self.strategy in BY_ACCURACY and not self.queries:
            raise UserError(f"0 queries of {self.strategy}, which goes by accuracies; accepted: 1 or more")
        if self.strategy == "seeded-evolution" and self.pool < self.population:
            raise UserError(f"a pool of {self.pool} for a population of {self.population}; accepted: no fewer")

    @property
    def needs_proxy(self) -> bool:
        """Whether the strategy goes by a proxy's scores as well, or alone."""
        return self.strategy in BY_PROXY

    @property
    def mutates(self) -> bool:
        """Whether it goes from architecture to architecture."""
        return self.strategy != "random" and not (
            self.strategy == "proxy-evolution" and self.cycles == 0 and self.neighbours == 0
        )

    @property
    def scored(self) -> int:
        """Architectures that a proxy scores, at most."""
        if self.strategy == "proxy-evolution":
            return self.population + self.cycles
        return self.pool if self.needs_proxy else 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        return {**asdict(self), "constraints": self.constraints.as_dict()}

    @classmethod
    def from_dict(cls, values: Any) -> ArchitectureSearchSettings:
        """The settings of plain values; what is missing has its default. Raises UserError."""
        known = known_keys(cls, values, "search of architectures")
        if "constraints" in known:
            known = {**known, "constraints": Constraints.from_dict(known["constraints"])}
        return cls(**known)
