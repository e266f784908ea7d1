"""How a Discrete Proxy Search is carried out, as a value; presets are YAML files in ``presets/``."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.proxy import Configuration
from eproxy_engine.proxy.choices import BRANCH_WEIGHTS
from eproxy_engine.proxy.reading import read_yaml
from eproxy_engine.search.proxy_space import ProxySpace
from eproxy_engine.search.proxy_spaces import PROXY_SPACES
from eproxy_engine.search.strategies import Strategy, random_search, regularized_evolution, tpe

STRATEGIES = {
    "evolution": "regularized evolution, as in the paper",
    "random": "random search",
    "tpe": "tree-structured Parzen estimator (Optuna)",
}
RANGES = {"population": (2, 1000), "tournament": (1, 1000), "cycles": (0, 10_000), "seeds": (1, 10), "members": (1, 20)}
DEFAULT = "robust"


@dataclass(frozen=True)
class DpsSettings:
    """The defaults are the paper's (A.6)."""

    strategy: str = "evolution"
    population: int = 40
    tournament: int = 10
    mutation_rate: float = 0.2
    """Probability that a mutation draws a component anew."""
    cycles: int = 200
    proxy_space: str = "paper"
    seeds: int = 1
    """A configuration's fitness is its mean ρ over so many seeds of images, weights and targets."""
    racing: bool = False
    """Whether an evaluation ends as soon as the configuration cannot reach the population's median any more."""
    members: int = 1
    """Configurations in the proxy that is found: the best one, or the best few, whose ranks are averaged."""
    flops_shares: tuple[float, ...] = (0.0,)
    """Weights of the FLOPs' rank in the proxy that is found; the one with the highest ρ on the sample is taken."""
    width: int | str = "small"
    branch_weights: str = "equal"

    def __post_init__(self) -> None:
        _check_named("strategy", self.strategy, STRATEGIES)
        _check_named("proxy_space", self.proxy_space, PROXY_SPACES)
        _check_named("branch_weights", self.branch_weights, BRANCH_WEIGHTS)
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise UserError(f"{name} is {value!r}; accepted: a whole number from {low} to {high}")
        if not isinstance(self.racing, bool):
            raise UserError(f"racing is {self.racing!r}; accepted: on, off")
        if not self.flops_shares or not all(isinstance(share, float) and share >= 0 for share in self.flops_shares):
            raise UserError(f"flops_shares is {list(self.flops_shares)!r}; accepted: at least one number from 0 on")
        self.space()

    @property
    def trials(self) -> int:
        """Configurations that are tried: the first population and one child a cycle."""
        return self.population + self.cycles

    def space(self) -> ProxySpace:
        """What is searched. Raises UserError for a width or mutation rate out of range."""
        space = PROXY_SPACES[self.proxy_space]
        base = replace(space.base, width=self.width, branch_weights=self.branch_weights)
        return replace(space, mutation_rate=self.mutation_rate, base=base)

    def start(self, seed: int) -> Strategy[Configuration]:
        """The strategy, at its beginning."""
        if self.strategy == "random":
            return random_search(self.space(), self.trials, seed)
        if self.strategy == "tpe":
            return tpe(self.space(), self.population, self.trials, seed)
        return regularized_evolution(self.space(), self.population, self.tournament, self.cycles, seed)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        return {**asdict(self), "flops_shares": list(self.flops_shares)}

    @classmethod
    def from_dict(cls, values: Any) -> DpsSettings:
        """The settings of plain values; what is missing has its default. Raises UserError."""
        names = [field.name for field in fields(cls)]
        if not isinstance(values, dict):
            raise UserError(f"settings are a mapping of {', '.join(names)}, but got {values!r}")
        for key in values:
            if key not in names:
                raise UserError(one_of(key, names, "setting"))
        given = dict(values)
        if "flops_shares" in given:
            given["flops_shares"] = _shares(given["flops_shares"])
        return cls(**given)


def _shares(values: Any) -> tuple[float, ...]:
    if not isinstance(values, list | tuple) or not all(type(value) in (int, float) for value in values):
        raise UserError(f"flops_shares is {values!r}; accepted: a list of numbers")
    return tuple(map(float, values))


def _check_named(what: str, value: str, accepted: Any) -> None:
    if value not in accepted:
        raise UserError(one_of(str(value), accepted, what))


SETTINGS = {
    path.stem: DpsSettings.from_dict(read_yaml(path.read_text()))
    for path in sorted((Path(__file__).parent / "presets").glob("*.yaml"))
}


def settings(name: str = DEFAULT) -> DpsSettings:
    """The preset of that name. Raises UserError."""
    _check_named("DPS preset", name, SETTINGS)
    return SETTINGS[name]
