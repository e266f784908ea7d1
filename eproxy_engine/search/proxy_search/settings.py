"""How a Discrete Proxy Search is carried out, as a value; presets are YAML files in ``presets/``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from eproxy_engine.accepted import Between, OneOf, Some
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import check_named
from eproxy_engine.fields import Settings, same_as, setting
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.choices import FEATURE_TITLES, FEATURES, LAST
from eproxy_engine.search.proxy_search.proxy_space import LOWEST_RATE, PROXY_SPACES, ProxySpace
from eproxy_engine.search.strategies import Strategy, random_search, regularized_evolution, tpe

STRATEGIES = {
    "evolution": "regularized evolution",
    "random": "random search",
    "tpe": "Parzen estimator (Optuna)",
}
SPACE_TITLES = {"paper": "the paper's (§2.2)", "lean": "small channels"}
DEFAULT = "robust"


@dataclass(frozen=True)
class ProxySearchSettings(Settings, what="search"):
    """The defaults are the paper's (A.6)."""

    strategy: str = setting(
        "evolution",
        "Strategy",
        OneOf(STRATEGIES, STRATEGIES),
        help="Decides which configuration is tried next. Paper: evolution.",
    )
    population: int = setting(
        40, "Population", Between(2, 1000), help="Configurations drawn first, and alive in evolution. Paper: 40."
    )
    tournament: int = setting(
        10, "Tournament", Between(1, 1000), help="Living ones drawn at a time; the best becomes a parent. Paper: 10."
    )
    mutation_rate: float = setting(
        0.2,
        "Mutation rate",
        Between(LOWEST_RATE, 1.0, step=0.05),
        help="Probability that a mutation draws a component of the parent anew. Paper: 0.2.",
        flag="--mutation",
    )
    cycles: int = setting(
        200,
        "Cycles",
        Between(0, 10_000),
        help="Configurations tried after the first population. Paper: 200. Without any, this is random search.",
    )
    in_flight: int = setting(
        1,
        "Children in flight",
        Between(1, 64),
        help="Children evaluated at the same time. Paper: 1, so each child is bred from all before it. More "
        "(asynchronous evolution) keep many cores busy, but a child is bred before the latest ones are judged. TPE "
        "takes those under way for bad ones, so that it asks for others.",
    )
    proxy_space: str = setting(
        "paper",
        "Proxy search space",
        OneOf(PROXY_SPACES, SPACE_TITLES),
        help="What configurations are composed of: the paper's values, or small "
        "channels for CPUs, with the barrier on or off.",
    )
    seeds: int = setting(
        1,
        "Seeds",
        Between(1, 10),
        help="Evaluate each architecture with this many seeds of images, weights and targets, and average their ρ. "
        "The time grows with it.",
    )
    racing: bool = setting(
        False,
        "Racing",
        help="Stop configurations that can no longer win: their ρ cannot reach the population's median, whatever the "
        "remaining architectures score. It saved 6 to 8% here. It evaluates two architectures of each child in flight "
        "at a time, so with one child, more than two cores are idle.",
    )
    members: int = setting(
        1,
        "Members of the proxy",
        Between(1, 20),
        help="Configurations in the proxy that is found. Paper: 1, the best alone. More average the ranks of the best "
        "few, which ranked unseen architectures better in our measurements (docs/RESULTS.md) but costs more to apply.",
    )
    flops: bool = setting(
        False,
        "Add FLOPs rank",
        help="Average the rank of the FLOPs with the members' ranks, weighted by its ρ on the sample if that is "
        "positive.",
    )
    prior: bool = setting(
        False,
        "Start from the default proxy",
        help="Try the default proxy first, and keep it among the members of an ensemble.",
    )
    width: int | str = same_as(Configuration, "width")
    branch_weights: str = same_as(Configuration, "branch_weights")
    flops_norm: str = same_as(Configuration, "flops_norm")
    read_out: bool = setting(
        False,
        "Search the read-out",
        help="Let configurations differ in the iteration whose loss is read, from the first to the last. Like α, it "
        "costs no training. Not in the paper. Chosen by twenty accuracies, it gained 0.24 in ρ on NDS-DARTS and lost "
        "0.03 to 0.08 on three other spaces (docs/fidelity.md).",
        later=True,
    )
    start_from: tuple[str, ...] = setting(
        (),
        "Start from targets",
        Some(FEATURES, "feature", FEATURE_TITLES, optional=True),
        help="First configurations of an evolution: the default proxy with each of these targets, in place of as many "
        "random ones. Children descend from them like from the others.",
        later=True,
    )

    @property
    def trials(self) -> int:
        """Configurations that are tried: the first ones and one child a cycle."""
        return self.first + self.cycles

    @property
    def is_random(self) -> bool:
        """Whether all configurations are drawn at random: no strategy does anything else before the first cycle."""
        return self.strategy == "random" or not self.cycles

    @property
    def first(self) -> int:
        """Configurations that no other leads to: the prior, if any, and the first population."""
        return self.prior + self.population

    @property
    def children_in_flight(self) -> int:
        """``in_flight``, but of random search, which has no children: all that it asks for is independent."""
        return 1 if self.strategy == "random" else self.in_flight

    def prior_configuration(self) -> Configuration:
        """The default proxy at the width of the search."""
        return replace(preset(), width=self.width, branch_weights=self.branch_weights)

    def space(self) -> ProxySpace:
        """What is searched."""
        space = PROXY_SPACES[self.proxy_space]
        base = replace(space.base, width=self.width, branch_weights=self.branch_weights, flops_norm=self.flops_norm)
        read_out = (*range(1, base.iterations), LAST) if self.read_out else space.read_out
        return replace(space, mutation_rate=self.mutation_rate, base=base, read_out=read_out)

    def start_configurations(self) -> list[Configuration]:
        """The default proxy with each of the targets to start from, as many as the population has room for."""
        prior = self.prior_configuration()
        (branch,) = prior.branches
        found = [replace(prior, branches=(replace(branch, features=(name,)),)) for name in self.start_from]
        return found[: self.population]

    def start(self, seed: int) -> Strategy[Configuration]:
        """The strategy, at its beginning."""
        if self.strategy == "random":
            return random_search(self.space(), self.population + self.cycles, seed)
        if self.strategy == "tpe":
            return tpe(self.space(), self.population, self.population + self.cycles, seed)
        first = self.start_configurations()
        return regularized_evolution(self.space(), self.population, self.tournament, self.cycles, seed, first)


SETTINGS = {
    path.stem: ProxySearchSettings.from_dict(read_yaml(path.read_text("utf-8")))
    for path in sorted((Path(__file__).parent / "presets").glob("*.yaml"))
}


def settings(name: str = DEFAULT) -> ProxySearchSettings:
    """The preset of that name. Raises UserError."""
    check_named("DPS preset", name, SETTINGS)
    return SETTINGS[name]
