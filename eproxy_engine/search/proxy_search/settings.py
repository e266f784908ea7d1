"""How a Discrete Proxy Search is carried out, as a value; presets are YAML files in ``presets/``."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, check_named
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.choices import BRANCH_WEIGHTS
from eproxy_engine.proxy.reading import known_keys
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES, ProxySpace
from eproxy_engine.search.strategies import Strategy, random_search, regularized_evolution, tpe

STRATEGIES = {
    "evolution": "regularized evolution, as in the paper",
    "random": "random search",
    "tpe": "tree-structured Parzen estimator (Optuna)",
}
RANGES = {
    "population": (2, 1000),
    "tournament": (1, 1000),
    "cycles": (0, 10_000),
    "in_flight": (1, 64),
    "seeds": (1, 10),
    "members": (1, 20),
}
DEFAULT = "robust"


@dataclass(frozen=True)
class ProxySearchSettings:
    """The defaults are the paper's (A.6)."""

    strategy: str = "evolution"
    population: int = 40
    tournament: int = 10
    mutation_rate: float = 0.2
    """Probability that a mutation draws a component anew."""
    cycles: int = 200
    in_flight: int = 1
    """Children that are evaluated at a time, in evolution: more than one make it asynchronous. Each is bred as soon as
    the one so many before it, and all before that, are judged."""
    proxy_space: str = "paper"
    seeds: int = 1
    """A configuration's fitness is its mean ρ over so many seeds of images, weights and targets."""
    racing: bool = False
    """Whether an evaluation ends as soon as the configuration cannot reach the population's median any more."""
    members: int = 1
    """Configurations in the proxy that is found: the best one, or the best few, whose ranks are averaged."""
    flops: bool = False
    """Whether the FLOPs' rank is averaged with the members', as heavily as it ranks the sample."""
    prior: bool = False
    """Whether the default proxy is tried first, and kept among several members."""
    width: int | str = "small"
    branch_weights: str = "equal"

    def __post_init__(self) -> None:
        check_named("strategy", self.strategy, STRATEGIES)
        check_named("proxy_space", self.proxy_space, PROXY_SPACES)
        check_named("branch_weights", self.branch_weights, BRANCH_WEIGHTS)
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise UserError(f"{name} is {value!r}; accepted: a whole number from {low} to {high}")
        for name in ("racing", "flops", "prior"):
            if not isinstance(getattr(self, name), bool):
                raise UserError(f"{name} is {getattr(self, name)!r}; accepted: on, off")
        self.space()

    @property
    def trials(self) -> int:
        """Configurations that are tried: the first ones and one child a cycle."""
        return self.first + self.cycles

    @property
    def first(self) -> int:
        """Configurations that no other leads to: the prior, if any, and the first population."""
        return self.prior + self.population

    @property
    def children_in_flight(self) -> int:
        """``in_flight`` of evolution; every other strategy goes by all that it asked for."""
        return self.in_flight if self.strategy == "evolution" else 1

    def prior_configuration(self) -> Configuration:
        """The default proxy at the width of the search."""
        return replace(preset(), width=self.width, branch_weights=self.branch_weights)

    def space(self) -> ProxySpace:
        """What is searched. Raises UserError for a width or mutation rate out of range."""
        space = PROXY_SPACES[self.proxy_space]
        base = replace(space.base, width=self.width, branch_weights=self.branch_weights)
        return replace(space, mutation_rate=self.mutation_rate, base=base)

    def start(self, seed: int) -> Strategy[Configuration]:
        """The strategy, at its beginning."""
        if self.strategy == "random":
            return random_search(self.space(), self.population + self.cycles, seed)
        if self.strategy == "tpe":
            return tpe(self.space(), self.population, self.population + self.cycles, seed)
        return regularized_evolution(self.space(), self.population, self.tournament, self.cycles, seed)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> ProxySearchSettings:
        """The settings of plain values; what is missing has its default. Raises UserError."""
        return cls(**known_keys(cls, values, "search"))


SETTINGS = {
    path.stem: ProxySearchSettings.from_dict(read_yaml(path.read_text("utf-8")))
    for path in sorted((Path(__file__).parent / "presets").glob("*.yaml"))
}


def settings(name: str = DEFAULT) -> ProxySearchSettings:
    """The preset of that name. Raises UserError."""
    check_named("DPS preset", name, SETTINGS)
    return SETTINGS[name]
