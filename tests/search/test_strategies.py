"""Strategies: evolution by hand, all of them as functions of seed and fitness, for configurations and architectures."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.proxy import Configuration
from eproxy_engine.search.proxy_search.proxy_space import ProxySpace, components
from eproxy_engine.search.strategies import Candidate, Strategy, random_search, regularized_evolution, tpe

T = TypeVar("T")
Make = Callable[[int], Strategy[Configuration]]
PAPER = ProxySpace()
ALL = 1000
"""A tournament of so many draws has every one of a few living in it."""
STRATEGIES: dict[str, Make] = {
    "evolution": lambda seed: regularized_evolution(PAPER, 10, 4, 14, seed),
    "random": lambda seed: random_search(PAPER, 24, seed),
    "tpe": lambda seed: tpe(PAPER, 10, 24, seed),
}
GOOD: dict[str, Any] = {
    "learning_rate": 1.5,
    "network_init": "xavier_normal",
    "flops_weight": -0.3,
    "deepest.c_mid": 512,
    "deepest.coefficient": 2.0,
    "branches": ("deepest",),
}
"""What the best configurations of :func:`likeness` have."""


class Numbered:
    """Points are numbers in the order in which they come up; it needs no randomness."""

    def __init__(self) -> None:
        self.count = 0
        self.mutated: list[int] = []

    def sample(self, rng: np.random.Generator) -> int:
        self.count += 1
        return self.count - 1

    def mutate(self, value: int, rng: np.random.Generator, /) -> int:
        self.mutated.append(value)
        return self.sample(rng)


def driven(strategy: Strategy[T], fitness: Callable[[T], float]) -> list[list[Candidate[T]]]:
    """What it asks for, step by step, until its budget is spent."""
    asked, judged = [], list[float]()
    try:
        candidates = next(strategy)
        while True:
            asked.append(candidates)
            judged += [fitness(candidate.value) for candidate in candidates]
            candidates = strategy.send(judged)
    except StopIteration:
        return asked


def history(strategy: Strategy[T], fitness: Callable[[T], float]) -> list[Candidate[T]]:
    return [candidate for step in driven(strategy, fitness) for candidate in step]


def likeness(configuration: Configuration) -> float:
    """How many components are as in GOOD."""
    parts = components(configuration)
    return float(sum(parts.get(name) == value for name, value in GOOD.items()))


def first_loss(configuration: Configuration) -> float:
    """A fitness that has all kinds of values."""
    return [math.inf, -math.inf, math.nan, 0.5][int(configuration.learning_rate * 10) % 4]


# --- regularized evolution, by hand ---


def test_a_small_evolution_by_hand() -> None:
    """Population 3, tournament 2. The draws of seed 0 among the three living are, by their age from the oldest on:
    2 1, 1 0, 0 0, 0 0, 0 2, 1 2."""
    fitness = [0.5, 0.9, 0.9, 0.1, -math.inf, 0.3, 0.2, 0.0, 0.4]
    parents = [
        2,  # of 2 and 1 of the living 0 1 2, equally fit: the younger one
        2,  # of 2 and 1 of the living 1 2 3
        2,  # of 2 and 2 of the living 2 3 4
        3,  # of 3 and 3 of the living 3 4 5: 1 and 2 were fitter and are dead
        6,  # of 4 and 6 of the living 4 5 6
        6,  # of 6 and 7 of the living 5 6 7
    ]
    domain = Numbered()
    asked = driven(regularized_evolution(domain, 3, 2, 6, seed=0), lambda value: fitness[value])
    assert asked[0] == [Candidate(0), Candidate(1), Candidate(2)]
    assert asked[1:] == [[Candidate(place, parent)] for place, parent in enumerate(parents, 3)]
    assert domain.mutated == parents


def test_the_fittest_of_the_living_is_the_parent_until_it_dies_of_age() -> None:
    """Where all the living are in the tournament."""
    fitness = [9.0, 1.0, 2.0, 5.0, 0.0, 0.0, 0.0, 0.0]
    tried = history(regularized_evolution(Numbered(), 3, ALL, 5, seed=1), lambda value: fitness[value])
    assert [candidate.parent for candidate in tried] == [None, None, None, 0, 3, 3, 3, 6]


def test_of_equally_fit_ones_the_youngest_is_the_parent() -> None:
    tried = history(regularized_evolution(Numbered(), 4, ALL, 6, seed=1), lambda value: 0.25)
    assert [candidate.parent for candidate in tried[4:]] == [3, 4, 5, 6, 7, 8]


def test_the_tournament_is_drawn_with_replacement_from_the_living() -> None:
    """Two draws of three find the fittest in 5 of 9 cases (without replacement, it would be 2 of 3)."""
    fitness = np.random.default_rng(5).permutation(3003).astype(float)
    tried = history(regularized_evolution(Numbered(), 3, 2, 3000, seed=1), lambda value: fitness[value])
    ranks = []
    for place, candidate in enumerate(tried[3:], 3):
        living = range(place - 3, place)
        assert candidate.parent is not None
        assert candidate.parent in living
        ranks.append(sorted(living, key=lambda one: -fitness[one]).index(candidate.parent))
    shares = np.bincount(ranks) / 3000
    assert shares == pytest.approx([5 / 9, 3 / 9, 1 / 9], abs=0.03)  # spread 0.009


def test_a_tournament_of_one_does_not_select() -> None:
    tried = history(regularized_evolution(Numbered(), 3, 1, 3000, seed=1), float)
    ages = [place - candidate.parent for place, candidate in enumerate(tried[3:], 3) if candidate.parent is not None]
    assert np.bincount(ages)[1:] / 3000 == pytest.approx([1 / 3] * 3, abs=0.03)


@pytest.mark.parametrize("in_flight", [1, 2, 5])
def test_with_children_in_flight_the_living_are_the_last_that_are_judged(in_flight: int) -> None:
    """Where all the living are in the tournament, and the fitness is the place: the youngest judged is the parent."""
    strategy = regularized_evolution(Numbered(), 3, ALL, 10, seed=1)
    places = [candidate.value for candidate in next(strategy)]
    for _ in range(in_flight - 1):
        (ahead,) = strategy.send([0.0, 1.0, 2.0])
        assert ahead == Candidate(len(places), 2)
        places.append(ahead.value)
    for judged in range(3, 13 - in_flight + 1):
        (child,) = strategy.send([float(place) for place in range(judged)])
        assert child == Candidate(judged + in_flight - 1, judged - 1)
    with pytest.raises(StopIteration):
        strategy.send([0.0] * 12)


def test_an_evolution_starts_from_what_it_is_given() -> None:
    (first, *_) = driven(regularized_evolution(Numbered(), 4, 2, 3, 1, (70, 71)), float)
    assert [candidate.value for candidate in first] == [70, 71, 0, 1]
    *_, child = driven(regularized_evolution(domain := Numbered(), 4, ALL, 1, 1, (70, 71)), float)
    assert (child, domain.mutated) == ([Candidate(2, parent=1)], [71])


def test_without_cycles_there_is_the_first_population() -> None:
    assert driven(regularized_evolution(Numbered(), 3, 2, 0, seed=0), float) == [
        [Candidate(0), Candidate(1), Candidate(2)]
    ]


# --- what each strategy asks for ---


def test_random_search_asks_for_all_at_once() -> None:
    assert [len(step) for step in driven(STRATEGIES["random"](1), likeness)] == [24]


@pytest.mark.parametrize("name", ["evolution", "tpe"])
def test_the_others_ask_for_a_population_and_then_one_by_one(name: str) -> None:
    assert [len(step) for step in driven(STRATEGIES[name](1), likeness)] == [10] + [1] * 14


def test_only_evolution_has_parents() -> None:
    assert all(
        candidate.parent is None for name in ("random", "tpe") for candidate in history(STRATEGIES[name](1), likeness)
    )
    tried = history(STRATEGIES["evolution"](1), likeness)
    for place, candidate in enumerate(tried):
        if place < 10:
            assert candidate.parent is None
        else:
            assert candidate.parent is not None
            assert place - 10 <= candidate.parent < place
            assert tried[candidate.parent].value != candidate.value


def test_tpe_avoids_what_is_in_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that it asked for and that are not judged count as bad: from the second one on, it asks for others."""

    def asked() -> list[Configuration]:
        strategy = tpe(PAPER, 12, 20, seed=1)
        judged = [likeness(each.value) for each in next(strategy)]
        return [strategy.send(judged)[0].value for _ in range(6)]

    found = asked()
    assert found == asked()
    module = sys.modules["eproxy_engine.search.strategies.tpe"]
    sampler = module._sampler
    monkeypatch.setattr(module, "_sampler", lambda **given: sampler(**{**given, "constant_liar": False}))
    unaware = asked()
    assert unaware[0] == found[0]
    assert unaware[1:] != found[1:]


def test_tpe_hands_out_its_budget_however_late_it_is_told() -> None:
    """Optuna refuses to be told twice of one."""
    strategy = tpe(PAPER, 6, 10, seed=1)
    tried = [each.value for each in next(strategy)]
    for judged in (6, 6, 7, 9):
        tried += [each.value for each in strategy.send([likeness(value) for value in tried[:judged]])]
    assert len(tried) == 10
    with pytest.raises(StopIteration):
        strategy.send([likeness(value) for value in tried])


# --- functions of the seed and the fitness ---


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_same_seed_gives_the_same_trajectory_and_another_one_another(name: str) -> None:
    make = STRATEGIES[name]
    np.random.seed(1)
    one = history(make(1), likeness)
    np.random.seed(2)
    assert history(make(1), likeness) == one
    assert history(make(2), likeness)[:10] != one[:10]


@pytest.mark.parametrize("name", ["evolution", "tpe"])
def test_another_fitness_gives_another_trajectory_after_the_same_population(name: str) -> None:
    one, other = history(STRATEGIES[name](1), likeness), history(STRATEGIES[name](1), lambda c: -likeness(c))
    assert one[:10] == other[:10]
    assert one[10:] != other[10:]


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("fitness", [lambda c: -math.inf, lambda c: math.inf, first_loss], ids=["low", "high", "mixed"])
def test_a_fitness_that_is_no_number_breaks_nothing(name: str, fitness: Callable[[Configuration], float]) -> None:
    tried = history(STRATEGIES[name](1), fitness)
    assert len(tried) == 24
    assert tried == history(STRATEGIES[name](1), fitness)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_the_worst_to_tpe(value: float) -> None:
    def with_lost(lost: float) -> list[Candidate[Configuration]]:
        return history(STRATEGIES["tpe"](1), lambda c: lost if c.learning_rate > 1 else likeness(c) / 6)

    assert with_lost(value) == with_lost(-1.0)
    assert with_lost(value) != with_lost(1.0)


def test_a_diverged_one_is_no_parent_where_there_is_another() -> None:
    fitness = [-math.inf, -1.0, -math.inf, -math.inf]
    tried = history(regularized_evolution(Numbered(), 3, ALL, 1, seed=1), lambda value: fitness[value])
    assert tried[3].parent == 1


# --- whether they search ---


def best(strategy: Strategy[T], fitness: Callable[[T], float]) -> float:
    return max(fitness(candidate.value) for candidate in history(strategy, fitness))


def test_tpe_and_evolution_find_better_ones_than_random_search() -> None:
    """On average over seeds, and what they try last is better than what they began with."""
    seeds = range(2)
    by_chance = np.mean([best(random_search(PAPER, 80, seed), likeness) for seed in seeds])
    for make in (
        lambda seed: tpe(PAPER, 20, 80, seed),
        lambda seed: regularized_evolution(PAPER, 20, 5, 60, seed),
    ):
        found = [[likeness(candidate.value) for candidate in history(make(seed), likeness)] for seed in seeds]
        assert np.mean([max(one) for one in found]) > by_chance + 0.5
        assert np.mean([one[-20:] for one in found]) > np.mean([one[:20] for one in found]) + 1


def asked_of(space: ProxySpace, configuration: Configuration) -> dict[str, tuple[Any, ...]]:
    """The options that the space has for each component of the configuration."""
    parts, found = components(configuration), dict[str, tuple[Any, ...]]()

    def choose(name: str, options: tuple[Any, ...]) -> Any:
        found[name] = options
        return parts[name]

    assert space.compose(choose) == configuration
    return found


def test_tpe_suggests_what_the_space_has() -> None:
    for candidate in history(STRATEGIES["tpe"](1), likeness):
        parts = components(candidate.value)
        for name, options in asked_of(PAPER, candidate.value).items():
            assert parts[name] in options


# --- the same strategies on architectures (§3.5) ---


@pytest.fixture(scope="module")
def accuracy() -> Callable[[Any], float]:
    table = benchmarks.known("nasbench201", "cifar10").set_index("architecture")["accuracy"].to_dict()
    return lambda cell: float(table[str(cell)])


def test_evolution_finds_good_architectures(accuracy: Callable[[Any], float]) -> None:
    """Of 15,625 cells with accuracies up to 91.6, with 200 looked up; random search is worse."""
    space = spaces.get("nasbench201")
    evolved = [best(regularized_evolution(space, 20, 5, 180, seed), accuracy) for seed in range(8)]
    by_chance = [best(random_search(space, 200, seed), accuracy) for seed in range(8)]
    assert min(evolved) > 91
    assert np.mean(evolved) > 91.2
    assert np.mean(evolved) > np.mean(by_chance) + 0.1


def test_an_evolution_of_architectures_is_replayed() -> None:
    space = spaces.get("nasbench101")

    def fitness(architecture: Any) -> float:
        return float(len(str(architecture)) % 7)

    tried = history(regularized_evolution(space, 5, 2, 20, seed=3), fitness)
    assert tried == history(regularized_evolution(space, 5, 2, 20, seed=3), fitness)
    assert len(tried) == 25
    for candidate in tried[5:]:
        assert candidate.parent is not None
        assert str(space.parse(str(candidate.value))) == str(candidate.value)
        assert tried[candidate.parent].value != candidate.value
