"""The proxy search space of DPS (§2.2), as a small grammar of configurations.

Sampling, mutation, Optuna's suggestions, a configuration's components and the size of the space all follow from
:meth:`ProxySpace.compose`, which chooses one component after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, combinations
from math import prod
from typing import Any

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.proxy.choices import CHANNELS, COEFFICIENTS, FEATURES, INITIALISATIONS, KERNELS, LAST, STAGES

Choose = Callable[[str, tuple[Any, ...]], Any]
"""Picks one of the options of a named component."""

PAPER_SIZE = 5e15
"""Published size of the paper's proxy search space (§2.2), which does not say how configurations are counted."""
LOWEST_RATE = 0.01
"""Lowest mutation rate: below it, most mutations would change nothing."""
BRANCH_PARTS = ("features", "coefficient", "transform_kernel", "barrier_kernel", "c_mid", "c_out")
NEED_A_BARRIER = ("barrier_kernel", "c_out", "barrier_init")
SHARED_PARTS = ("barrier", "learning_rate", "network_init", "barrier_init", "flops_weight", "read_out")


def combinations_of(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return every non-empty selection of ``names``, small ones first.

    >>> combinations_of(("net", "dot"))
    (('net',), ('dot',), ('net', 'dot'))
    """
    return tuple(chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1)))


def tenths(low: int, high: int) -> tuple[float, ...]:
    """Return ``low``/10 to ``high``/10 in steps of 0.1."""
    return tuple(round(tenth / 10, 1) for tenth in range(low, high + 1))


@dataclass(frozen=True)
class ProxySpace:
    """Options of every component; the defaults are the paper's (§2.2, items 1 to 5)."""

    branches: tuple[tuple[str, ...], ...] = combinations_of(STAGES)
    features: tuple[tuple[str, ...], ...] = combinations_of(FEATURES)
    coefficient: tuple[float, ...] = COEFFICIENTS
    transform_kernel: tuple[int, ...] = KERNELS
    barrier_kernel: tuple[int, ...] = KERNELS
    c_mid: tuple[int, ...] = CHANNELS
    c_out: tuple[int, ...] = CHANNELS
    barrier: tuple[bool, ...] = (True,)
    learning_rate: tuple[float, ...] = tenths(5, 15)
    network_init: tuple[str, ...] = INITIALISATIONS[1:]
    barrier_init: tuple[str, ...] = INITIALISATIONS[1:]
    flops_weight: tuple[float, ...] = tenths(-5, 5)
    read_out: tuple[int | str, ...] = (LAST,)
    mutation_rate: float = 0.2
    base: Configuration = field(default_factory=Configuration)
    """Source of all that is not searched: width, iterations, batch, momentum, weight decay, weights of the branches,
    norm of the FLOPs."""

    def __post_init__(self) -> None:
        rate = self.mutation_rate
        if not isinstance(rate, int | float) or isinstance(rate, bool) or not LOWEST_RATE <= rate <= 1:
            raise UserError(f"mutation_rate is {rate!r}; accepted: a number from {LOWEST_RATE} to 1")
        if self.size < 2:
            raise UserError("a proxy search space of one configuration; accepted: two or more")

    def compose(self, choose: Choose) -> Configuration:
        """Compose a configuration; ``choose`` picks one of the options of each component."""
        stages = choose("branches", self.branches)
        branches = tuple(
            Branch(stage, *(choose(f"{stage}.{part}", getattr(self, part)) for part in BRANCH_PARTS))
            for stage in stages
        )
        shared = {part: choose(part, getattr(self, part)) for part in SHARED_PARTS}
        return replace(self.base, branches=branches, **shared)

    def sample(self, rng: np.random.Generator) -> Configuration:
        """Draw every component independently and uniformly."""
        return self.compose(lambda name, options: _drawn(options, rng))

    def mutate(self, parent: Configuration, rng: np.random.Generator) -> Configuration:
        """Draw each component of ``parent`` anew with probability ``mutation_rate`` (A.6).

        All of a new branch is drawn. Mutations repeat until the canonical configuration differs from the parent's.
        """
        kept = components(parent)

        def choose(name: str, options: tuple[Any, ...]) -> Any:
            if name not in kept:
                return _drawn(options, rng)
            others = tuple(option for option in options if option != kept[name])
            return _drawn(others, rng) if others and rng.random() < self.mutation_rate else kept[name]

        while True:
            child = self.compose(choose)
            if child.canonical() != parent.canonical():
                return child

    @property
    def size(self) -> int:
        """Exact number of configurations; those that differ without effect count once."""
        return sum(self._size(barrier) for barrier in self.barrier)

    def _size(self, barrier: bool) -> int:
        idle = ("barrier", *(() if barrier else NEED_A_BARRIER))
        of_a_branch = prod(len(getattr(self, part)) for part in BRANCH_PARTS if part not in idle)
        of_branches = sum(of_a_branch ** len(stages) for stages in self.branches)
        return of_branches * prod(len(getattr(self, part)) for part in SHARED_PARTS if part not in idle)


def components(configuration: Configuration) -> dict[str, Any]:
    """Return the searched components of a configuration by name, such as ``learning_rate`` or ``deepest.c_mid``."""
    return dict(_components(configuration))


def _components(configuration: Configuration) -> Iterator[tuple[str, Any]]:
    yield "branches", tuple(branch.stage for branch in configuration.branches)
    for branch in configuration.branches:
        for part in BRANCH_PARTS:
            yield f"{branch.stage}.{part}", getattr(branch, part)
    for part in SHARED_PARTS:
        yield part, getattr(configuration, part)


def _drawn(options: tuple[Any, ...], rng: np.random.Generator) -> Any:
    return options[int(rng.integers(len(options)))]


PAPER = ProxySpace()
"""The paper's complete space (§2.2, items 1 to 5)."""

LEAN = ProxySpace(
    transform_kernel=(1, 3),
    barrier_kernel=(1, 3),
    c_mid=(16, 32, 64, 128),
    c_out=(16, 32, 64, 128),
    barrier=(True, False),
    network_init=INITIALISATIONS,
    barrier_init=INITIALISATIONS,
    flops_weight=(0.0,),
)
"""A space for CPUs: heads that cost less than the network, with or without barrier. α is left out, because choosing
it with twenty architectures made the ranking of others worse (docs/RESULTS.md)."""

PROXY_SPACES = {"paper": PAPER, "lean": LEAN}
