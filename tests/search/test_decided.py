"""What WeakNAS, LaNAS and tree search share: what they ask for, wherever they search and whatever is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from eproxy_engine.search.strategies import Strategy, decisions, lanas, mcts, perceptron, weaknas
from eproxy_engine.search.strategies.pool import Pool
from tests.search.made_up import BEST, POINTS, Point, Words, fitness_of, searched, spent

Make = Callable[..., Strategy[Point]]
each_strategy = pytest.mark.parametrize("make", [weaknas, lanas, mcts])
by_batch = pytest.mark.parametrize("make", [weaknas, lanas])
FEW = Words(tuple(POINTS[::20]))
"""37 of the words."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptron, "WIDTH", 8)
    monkeypatch.setattr(perceptron, "EPOCHS", 20)


@each_strategy
def test_all_points_are_asked_for_once(make: Make) -> None:
    asked = searched(make(FEW, 1))
    assert sorted(asked) == sorted(FEW.words)


@each_strategy
@pytest.mark.parametrize("fitness", [lambda word: 7.0, lambda word: -1e9 * fitness_of(word)])
def test_any_fitness_will_do(make: Make, fitness: Callable[[Point], float]) -> None:
    assert sorted(searched(make(FEW, 1), fitness=fitness)) == sorted(FEW.words)


@each_strategy
@pytest.mark.parametrize("words", [("abc",), ("abc", "abb"), ("abc", "ab", "a", "")])
def test_hardly_any_points_will_do(make: Make, words: tuple[str, ...]) -> None:
    assert sorted(searched(make(Words(words), 1), fitness=len)) == sorted(words)


@each_strategy
def test_a_seed_is_a_trajectory(make: Make) -> None:
    first = searched(make(Words(), 5), 40)
    assert searched(make(Words(), 5), 40) == first
    assert searched(make(Words(), 6), 40) != first


@each_strategy
def test_the_trajectory_depends_on_the_unit_of_the_fitness_in_no_way(make: Make) -> None:
    halves = searched(make(Words(), 5), 40, lambda word: fitness_of(word) / 2 - 16)
    assert halves == searched(make(Words(), 5), 40)


@each_strategy
def test_what_is_known_is_not_asked_for_again(make: Make) -> None:
    known = spent(30)
    asked = searched(make(Words(), 1, known=known), 60)
    assert not {*asked} & {*known}
    assert searched(make(Words(), 1, known={word: -fitness for word, fitness in known.items()}), 60) != asked


@each_strategy
def test_what_is_known_may_lie_outside(make: Make) -> None:
    assert sorted(searched(make(FEW, 1, known=spent(3)))) == sorted({*FEW.words} - {*spent(3)})


@each_strategy
def test_a_domain_that_is_too_large_to_list_is_drawn_from(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "DRAWN", 100)
    asked = searched(make(Words(can_be_listed=False), 1))
    assert len({*asked}) == len(asked) < 100
    assert {*asked} < {*POINTS}


@by_batch
def test_the_first_and_the_later_ones_come_together(make: Make) -> None:
    strategy = make(Words(), 1, first=7, batch=3)
    fitness = list[float]()
    sizes = []
    coming = next(strategy)
    for _ in range(3):
        sizes.append(len(coming))
        fitness += [fitness_of(each.value) for each in coming]
        coming = strategy.send(fitness)
    assert sizes == [7, 3, 3]


@by_batch
def test_what_is_known_counts_as_first(make: Make) -> None:
    assert len(next(make(Words(), 1, first=7, known=spent(5)))) == 2
    assert len(next(make(Words(), 1, first=7, batch=4, known=spent(7)))) == 4


@by_batch
def test_more_first_ones_than_points_are_all_points(make: Make) -> None:
    assert sorted(searched(make(FEW, 1, first=1000))) == sorted(FEW.words)


# --- the pool ---


def test_a_pool_scales_the_fitness_by_worst_and_best() -> None:
    pool = Pool(Words(), {"aaaaaa": -3.0, "bbbbbb": 7.0, "cccccc": 2.0}, np.random.default_rng(0))
    assert pool.fitness.tolist() == [-3.0, 7.0, 2.0]
    assert pool.scaled.tolist() == [0.0, 1.0, 0.5]
    assert len(pool.free) == len(POINTS) - 3


def test_the_best_word() -> None:
    assert BEST == "cccccc"
    assert fitness_of("aabccb") == 0 + 0 + 4 + 5 + 5 + 4 + 3 + 3
