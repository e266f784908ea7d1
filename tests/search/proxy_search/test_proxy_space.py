"""The proxy search space: what is in it, how large it is, and that sampling and mutation stay inside it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.proxy_search.proxy_space import ProxySpace, combinations_of, components, tenths

PAPER = ProxySpace()
SMALL = ProxySpace(
    branches=combinations_of(("deepest", "before_first")),
    features=(("net",), ("wave_low", "dot")),
    coefficient=(1.0,),
    transform_kernel=(1, 3),
    barrier_kernel=(3,),
    c_mid=(16,),
    c_out=(16, 64),
    learning_rate=(0.5, 1.0, 1.5),
    network_init=("kaiming_normal",),
    barrier_init=("kaiming_normal", "xavier_uniform"),
    flops_weight=(-0.5, 0.5),
    base=Configuration(width=4, momentum=0.5),
)
ONE = replace(
    SMALL,
    branches=(("deepest",),),
    features=(("net",),),
    transform_kernel=(1,),
    c_out=(16,),
    learning_rate=(0.5, 1.0),
    barrier_init=("kaiming_normal",),
    flops_weight=(0.0,),
)
"""Two configurations."""
BRANCH_PARTS = ("features", "coefficient", "transform_kernel", "barrier_kernel", "c_mid", "c_out")
SHARED_PARTS = ("barrier", "learning_rate", "network_init", "barrier_init", "flops_weight", "read_out")
SPACES = st.sampled_from([PAPER, SMALL, ONE])
SEEDS = st.integers(0, 2**31 - 1)


def every(space: ProxySpace) -> set[Configuration]:
    """All of its configurations, one after the other."""
    options = [[getattr(space, part) for part in parts] for parts in (BRANCH_PARTS, SHARED_PARTS)]
    return {
        replace(space.base, branches=branches, **dict(zip(SHARED_PARTS, shared, strict=True)))
        for stages in space.branches
        for branches in product(*([Branch(stage, *parts) for parts in product(*options[0])] for stage in stages))
        for shared in product(*options[1])
    }


def is_inside(space: ProxySpace, configuration: Configuration) -> bool:
    """Whether each component is one of its options, and all else as in the base."""
    stages = tuple(branch.stage for branch in configuration.branches)
    parts = [
        getattr(branch, part) in getattr(space, part) for branch in configuration.branches for part in BRANCH_PARTS
    ]
    shared = {part: getattr(configuration, part) for part in SHARED_PARTS}
    return (
        stages in space.branches
        and all(parts)
        and all(value in getattr(space, part) for part, value in shared.items())
        and replace(space.base, branches=configuration.branches, **shared) == configuration
    )


# --- what is in it ---


def test_the_options_are_those_of_the_paper() -> None:
    """§2.2, items 1 to 5; one to three outputs, any combination of five features."""
    assert len(PAPER.branches) == len(set(PAPER.branches)) == 7
    assert {stage for stages in PAPER.branches for stage in stages} == {"deepest", "before_second", "before_first"}
    assert len(PAPER.features) == len(set(PAPER.features)) == 31
    assert {name for names in PAPER.features for name in names} == {"net", "wave_low", "wave_mid", "wave_high", "dot"}
    assert PAPER.coefficient == (0.5, 1.0, 1.5, 2.0)
    assert PAPER.transform_kernel == PAPER.barrier_kernel == (1, 3, 7)
    assert PAPER.c_mid == PAPER.c_out == (16, 32, 64, 128, 256, 512)
    assert PAPER.learning_rate == (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
    assert PAPER.flops_weight == (-0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
    four = {"kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform"}
    assert set(PAPER.network_init) == set(PAPER.barrier_init) == four
    assert PAPER.barrier == (True,)
    assert PAPER.mutation_rate == 0.2


def test_combinations_are_every_selection_once() -> None:
    assert combinations_of(("a", "b", "c")) == (
        *(("a",), ("b",), ("c",)),
        *(("a", "b"), ("a", "c"), ("b", "c")),
        ("a", "b", "c"),
    )


def test_tenths_are_the_numbers_that_people_write() -> None:
    assert tenths(-3, 3) == (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)


# --- how large it is ---


@pytest.mark.parametrize(
    "space",
    [
        SMALL,
        ONE,
        replace(ONE, read_out=(1, 2, "last")),
        replace(SMALL, branches=(("deepest",), ("deepest", "before_first"))),
    ],
)
def test_the_size_is_that_of_the_space_listed_one_by_one(space: ProxySpace) -> None:
    listed = every(space)
    assert space.size == len(listed) == len({configuration.digest() for configuration in listed})


def test_what_has_no_effect_makes_no_more_configurations() -> None:
    """Without a barrier, its kernel, its channels and its initialisation are nothing to choose."""
    space = replace(SMALL, barrier=(True, False), barrier_kernel=(1, 3))
    assert space.size == len({configuration.digest() for configuration in every(space)})


def test_the_size_of_the_papers_space() -> None:
    """Each of the three outputs is left out or has one of so many branches, and not all are left out."""
    of_a_branch = (2**5 - 1) * 4 * 3 * 3 * 6 * 6
    assert of_a_branch == 40_176
    assert PAPER.size == ((1 + of_a_branch) ** 3 - 1) * 11 * 4 * 4 * 11
    assert PAPER.size == 125_556_114_688_849_152
    assert f"{PAPER.size:.4e}" == "1.2556e+17"


# --- sampling ---


@given(space=SPACES, seed=SEEDS)
def test_a_sampled_one_is_inside(space: ProxySpace, seed: int) -> None:
    assert is_inside(space, space.sample(np.random.default_rng(seed)))


def test_every_configuration_is_sampled() -> None:
    rng = np.random.default_rng(1)
    one = replace(SMALL, branches=(("deepest",),), learning_rate=(1.0,))
    counts = Counter(one.sample(rng) for _ in range(3200))
    assert set(counts) == every(one)
    assert len(counts) == 32
    assert 60 < min(counts.values()) <= max(counts.values()) < 140  # 100 are expected, with a spread of 10


def test_components_are_drawn_uniformly() -> None:
    rng = np.random.default_rng(1)
    sampled = [PAPER.sample(rng) for _ in range(3500)]
    branches = Counter(tuple(b.stage for b in configuration.branches) for configuration in sampled)
    assert set(branches) == set(PAPER.branches)
    assert 400 < min(branches.values()) <= max(branches.values()) < 600  # 500 expected, spread 21
    features = Counter(configuration.branches[0].features for configuration in sampled)
    assert set(features) == set(PAPER.features)
    assert 65 < min(features.values()) <= max(features.values()) < 165  # 113 expected, spread 10


def test_the_seed_alone_says_what_is_sampled() -> None:
    def sampled(seed: int) -> list[Configuration]:
        rng = np.random.default_rng(seed)
        return [PAPER.sample(rng) for _ in range(5)]

    assert sampled(3) == sampled(3)
    assert not set(sampled(3)) & set(sampled(4))


# --- mutation ---


@given(space=SPACES, seed=SEEDS)
def test_a_mutated_one_is_inside_and_another_one(space: ProxySpace, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parent = space.sample(rng)
    child = space.mutate(parent, rng)
    assert is_inside(space, child)
    assert child.canonical() != parent.canonical()
    assert child.digest() != parent.digest()


def test_a_mutated_one_is_another_one_where_some_components_have_no_effect() -> None:
    """Without a barrier, its kernel and initialisation do nothing."""
    space = replace(SMALL, barrier=(True, False), barrier_kernel=(1, 3))
    rng = np.random.default_rng(1)
    without = 0
    for _ in range(300):
        parent = space.sample(rng)
        child = space.mutate(parent, rng)
        assert child.canonical() != parent.canonical()
        without += not parent.barrier and not child.barrier
    assert without > 50


def changes(space: ProxySpace, times: int) -> dict[str, list[bool]]:
    """Of each component that parent and child both have: in which mutations it changed."""
    rng = np.random.default_rng(1)
    changed: dict[str, list[bool]] = {}
    for _ in range(times):
        parent = space.sample(rng)
        before, after = components(parent), components(space.mutate(parent, rng))
        for name in before.keys() & after.keys():
            changed.setdefault(name, []).append(before[name] != after[name])
    return changed


@pytest.mark.parametrize(("rate", "low", "high"), [(0.2, 0.19, 0.24), (0.5, 0.47, 0.53), (0.9, 0.88, 0.92)])
def test_the_mutation_rate_is_that_of_each_component(rate: float, low: float, high: float) -> None:
    """A mutation that changes nothing is drawn again: it is a little above the rate."""
    changed = changes(replace(PAPER, mutation_rate=rate), 1000)
    assert not any(changed.pop("barrier") + changed.pop("read_out"))  # one option each
    assert len(changed) == 1 + 3 * 6 + 4
    every_one = [one for ones in changed.values() for one in ones]
    assert len(every_one) > 10_000
    assert low < np.mean(every_one) < high
    for name, ones in changed.items():  # none is left out
        assert abs(float(np.mean(ones)) - rate) < 0.1, name


def test_at_a_rate_of_one_everything_changes() -> None:
    changed = changes(replace(PAPER, mutation_rate=1.0), 100)
    assert not any(changed.pop("barrier") + changed.pop("read_out"))
    assert all(all(ones) for ones in changed.values())


def test_a_branch_that_comes_in_is_drawn_whole() -> None:
    space = replace(PAPER, branches=(("deepest",), ("deepest", "before_first")), mutation_rate=0.3)
    rng = np.random.default_rng(1)
    parent = replace(space.sample(rng), branches=(Branch(c_mid=64),))
    drawn = Counter(
        branch.c_mid
        for _ in range(1000)
        for branch in space.mutate(parent, rng).branches
        if branch.stage == "before_first"
    )
    assert set(drawn) == set(PAPER.c_mid)
    assert 25 < min(drawn.values()) <= max(drawn.values()) < 85  # some 300 of 6 kinds


def test_the_other_of_two_is_the_only_mutation() -> None:
    rng = np.random.default_rng(1)
    one, other = sorted(every(ONE), key=lambda c: c.learning_rate)
    assert {ONE.mutate(one, rng) for _ in range(20)} == {other}
    assert {ONE.mutate(other, rng) for _ in range(20)} == {one}


@pytest.mark.timeout(5)
def test_a_very_small_mutation_rate_is_refused_or_gives_a_child() -> None:
    with suppress(UserError):
        space = replace(PAPER, mutation_rate=1e-9)
        space.mutate(space.sample(np.random.default_rng(1)), np.random.default_rng(1))


# --- components ---


@given(space=SPACES, seed=SEEDS)
def test_components_compose_the_same_configuration(space: ProxySpace, seed: int) -> None:
    configuration = space.sample(np.random.default_rng(seed))
    parts = components(configuration)
    asked: list[str] = []

    def choose(name: str, options: tuple[Any, ...]) -> Any:
        asked.append(name)
        assert parts[name] in options
        return parts[name]

    assert space.compose(choose) == configuration
    assert asked == list(dict.fromkeys(asked))
    assert set(asked) == set(parts)


def test_the_components_of_a_configuration() -> None:
    branches = (Branch("deepest", ("net", "dot"), 2.0, 7, 1, 16, 512), Branch("before_first"))
    parts = components(Configuration(branches, learning_rate=0.7, barrier_init="xavier_normal", flops_weight=-0.2))
    assert parts == {
        "branches": ("deepest", "before_first"),
        "deepest.features": ("net", "dot"),
        "deepest.coefficient": 2.0,
        "deepest.transform_kernel": 7,
        "deepest.barrier_kernel": 1,
        "deepest.c_mid": 16,
        "deepest.c_out": 512,
        "before_first.features": ("wave_high",),
        "before_first.coefficient": 1.0,
        "before_first.transform_kernel": 1,
        "before_first.barrier_kernel": 3,
        "before_first.c_mid": 64,
        "before_first.c_out": 64,
        "barrier": True,
        "learning_rate": 0.7,
        "network_init": "default",
        "barrier_init": "xavier_normal",
        "flops_weight": -0.2,
        "read_out": "last",
    }


# --- what is refused ---


@pytest.mark.parametrize("rate", [0, -0.1, 1.1, float("nan"), float("inf")])
def test_a_mutation_rate_out_of_range(rate: float) -> None:
    with pytest.raises(UserError, match=rf"mutation_rate is {rate!r}; accepted: a number from 0.01 to 1"):
        ProxySpace(mutation_rate=rate)


def test_a_space_without_a_choice() -> None:
    with pytest.raises(UserError, match="a proxy search space of one configuration; accepted: two or more"):
        replace(ONE, learning_rate=(1.0,))
