"""Settings of a Discrete Proxy Search: presets, round trips, and one clear line for every bad value."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import preset
from eproxy_engine.proxy.choices import FEATURES
from eproxy_engine.search.proxy_search.proxy_space import ProxySpace
from eproxy_engine.search.proxy_search.settings import DEFAULT, SETTINGS, STRATEGIES, ProxySearchSettings, settings

SOME = st.builds(
    ProxySearchSettings,
    strategy=st.sampled_from(sorted(STRATEGIES)),
    population=st.integers(2, 1000),
    tournament=st.integers(1, 1000),
    mutation_rate=st.floats(0.01, 1.0),
    cycles=st.integers(0, 10_000),
    in_flight=st.integers(1, 64),
    seeds=st.integers(1, 10),
    racing=st.booleans(),
    members=st.integers(1, 20),
    flops=st.booleans(),
    prior=st.booleans(),
    width=st.sampled_from(["small", "published"]) | st.integers(4, 512),
    branch_weights=st.sampled_from(["equal", "halving"]),
    flops_norm=st.sampled_from(["possible", "measured"]),
    read_out=st.booleans(),
    start_from=st.lists(st.sampled_from(FEATURES), unique=True).map(tuple),
)
LATER = {"flops_norm": "measured", "read_out": True, "start_from": ["wave_low", "net"]}
"""Settings that there were not from the beginning, each at another value than its default."""


# --- presets ---


@pytest.mark.parametrize("paper", [settings("paper"), ProxySearchSettings()], ids=["preset", "defaults"])
def test_the_papers_numbers(paper: ProxySearchSettings) -> None:
    """A.6: population 40, sample size 10, mutation rate 0.2, 200 cycles; and nothing beyond the paper."""
    assert (paper.strategy, paper.population, paper.tournament) == ("evolution", 40, 10)
    assert (paper.mutation_rate, paper.cycles, paper.trials) == (0.2, 200, 240)
    assert (paper.in_flight, paper.seeds, paper.racing) == (1, 1, False)
    assert (paper.members, paper.flops, paper.prior) == (1, False, False)
    assert (paper.proxy_space, paper.branch_weights) == ("paper", "equal")
    assert (paper.flops_norm, paper.read_out, paper.start_from) == ("possible", False, ())


def test_the_default_preset_is_one_of_them() -> None:
    assert settings() == SETTINGS[DEFAULT]
    assert {"paper", "robust"} <= set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_preset_can_be_started(name: str) -> None:
    first = next(settings(name).start(1))
    assert len(first) >= 2


@pytest.mark.parametrize("name", ["nope", "", "Paper"])
def test_an_unknown_preset(name: str) -> None:
    with pytest.raises(UserError, match=f"unknown DPS preset '{name}'; accepted: .*paper.*robust"):
        settings(name)


# --- as values ---


@given(some=SOME)
def test_round_trips(some: ProxySearchSettings) -> None:
    assert ProxySearchSettings.from_dict(some.as_dict()) == some
    assert ProxySearchSettings.from_dict(json.loads(json.dumps(some.as_dict()))) == some
    assert ProxySearchSettings.from_dict(yaml.safe_load(yaml.safe_dump(some.as_dict()))) == some


def test_what_is_missing_has_its_default() -> None:
    assert ProxySearchSettings.from_dict({}) == ProxySearchSettings()
    assert ProxySearchSettings.from_dict({"cycles": 3}) == ProxySearchSettings(cycles=3)


@pytest.mark.parametrize("name", SETTINGS)
def test_plain_values_are_what_they_were_before_there_were_later_settings(name: str) -> None:
    assert not set(settings(name).as_dict()) & set(LATER)
    assert {name: ProxySearchSettings.from_dict(LATER).as_dict()[name] for name in LATER} == LATER


def test_the_read_out_is_searched_only_if_the_settings_say_so() -> None:
    assert ProxySearchSettings().space().read_out == ("last",)
    space = ProxySearchSettings(read_out=True, flops_norm="measured").space()
    assert space.read_out == (1, 2, 3, 4, 5, 6, 7, 8, 9, "last")
    assert space.size == 10 * ProxySpace().size
    assert space.base.flops_norm == "measured"


@pytest.mark.parametrize("population", [2, 3, 40])
def test_an_evolution_starts_from_the_targets(population: int) -> None:
    given = ProxySearchSettings(population=population, start_from=("wave_low", "dot"), width=8)
    first = [candidate.value for candidate in next(given.start(1))]
    assert len(first) == population
    (branch,) = preset().branches
    starts = [replace(preset(), width=8, branches=(replace(branch, features=(name,)),)) for name in ("wave_low", "dot")]
    assert first[:2] == starts
    drawn = [candidate.value for candidate in next(replace(given, start_from=()).start(1))]
    assert first[2:] == drawn[: population - 2]


def test_a_small_population_has_no_room_for_all_targets() -> None:
    given = ProxySearchSettings(population=2, start_from=("net", "wave_low", "dot"))
    first = [candidate.value.branches[0].features for candidate in next(given.start(1))]
    assert first == [("net",), ("wave_low",)]


def test_what_is_searched_follows_from_them() -> None:
    space = ProxySearchSettings(mutation_rate=0.3, width=8, branch_weights="halving").space()
    assert space.size == ProxySpace().size
    assert (space.mutation_rate, space.base.width, space.base.branch_weights) == (0.3, 8, "halving")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_budget_is_the_population_and_one_child_a_cycle(strategy: str) -> None:
    given = ProxySearchSettings(strategy, population=5, tournament=2, cycles=7)
    started, count = given.start(3), 0
    candidates = next(started)
    try:
        while True:
            count += len(candidates)
            candidates = started.send([0.0] * count)
    except StopIteration:
        assert count == given.trials == 12


# --- what is refused ---

NUMBERS = {
    "population": (2, 1000),
    "tournament": (1, 1000),
    "cycles": (0, 10_000),
    "in_flight": (1, 64),
    "seeds": (1, 10),
    "members": (1, 20),
}
BAD: list[tuple[dict[str, Any], str]] = [
    *(
        ({name: value}, f"{name} is {value!r}; accepted: a whole number from {low} to {shown}")
        for name, (low, high) in NUMBERS.items()
        for shown in (f"{high:,}" if high >= 10_000 else high,)
        for value in (low - 1, high + 1, -1, 2.0, "3", None, True, float("nan"), [4])
    ),
    ({"strategy": "luck"}, "unknown strategy 'luck'; accepted: evolution, random, tpe"),
    ({"strategy": None}, "unknown strategy None; accepted: evolution, random, tpe"),
    ({"strategy": ["evolution"]}, "unknown strategy"),
    ({"proxy_space": "outer"}, "unknown proxy_space 'outer'; accepted: paper"),
    ({"proxy_space": ["paper"]}, "unknown proxy_space"),
    ({"branch_weights": "thirds"}, "unknown branch_weights 'thirds'; accepted: equal, halving"),
    ({"mutation_rate": 0}, "mutation_rate is 0; accepted: a number from 0.01 to 1"),
    ({"mutation_rate": 1.5}, "mutation_rate is 1.5; accepted: a number from 0.01 to 1"),
    ({"mutation_rate": float("nan")}, "mutation_rate is nan; accepted: a number from 0.01 to 1"),
    ({"mutation_rate": "high"}, "mutation_rate is 'high'; accepted: a number from 0.01 to 1"),
    ({"mutation_rate": None}, "mutation_rate is None; accepted: a number from 0.01 to 1"),
    ({"racing": "on"}, "racing is 'on'; accepted: on, off"),
    ({"racing": 1}, "racing is 1; accepted: on, off"),
    ({"read_out": 3}, "read_out is 3; accepted: on, off"),
    ({"flops_norm": "largest"}, "unknown flops_norm 'largest'; accepted: possible, measured"),
    ({"start_from": ["laptop"]}, "unknown feature 'laptop'; accepted: net, wave_low, wave_mid, wave_high, dot"),
    ({"start_from": ["net", "net"]}, "start_from ['net', 'net'] names one twice"),
    ({"width": "wide"}, "width 'wide'; accepted: small, published or a whole number from 4 to 512"),
    ({"width": 3}, "width 3; accepted: small, published or a whole number from 4 to 512"),
    ({"width": 4.5}, "width 4.5; accepted: small, published or a whole number from 4 to 512"),
    ({"depth": 3}, "unknown search key 'depth'; accepted: strategy, population, tournament"),
]


@pytest.mark.parametrize(("values", "message"), BAD, ids=[str(values) for values, _ in BAD])
def test_a_bad_value_is_told_in_one_line(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        ProxySearchSettings.from_dict(values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [None, [], "paper", 3])
def test_what_is_no_mapping(values: Any) -> None:
    with pytest.raises(UserError, match=re.escape("a search is a mapping of strategy, population")) as caught:
        ProxySearchSettings.from_dict(values)
    assert repr(values) in str(caught.value)
