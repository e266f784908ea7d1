"""Monte Carlo tree search: tree, bounds and roll-outs by hand, and that it finds the best of a made-up table early."""

from __future__ import annotations

import sys

import numpy as np

from eproxy_engine.search.strategies import mcts
from tests.search.made_up import POINTS, Words, queries_to_best, searched

MODULE = sys.modules["eproxy_engine.search.strategies.mcts"]
WORDS = ["aax", "aay", "abx", "bax", "bay"]


def tree(words: list[str] = WORDS) -> MODULE.Tree:
    return MODULE.Tree(MODULE.numbered(words), np.arange(len(words)))


def test_it_finds_the_best_sooner_than_chance() -> None:
    assert queries_to_best(lambda seed: mcts(Words(), seed), 10) < (len(POINTS) + 1) / 2 / 1.5


def test_choices_are_numbered_place_by_place() -> None:
    assert MODULE.numbered([("b", "x"), ("a", "x"), ("b",)]).tolist() == [[1, 1], [0, 1], [1, 0]]


def test_a_node_skips_choices_that_points_share() -> None:
    every = tree()
    assert every.root.column == 0
    for place in (0, 3):
        every.add(place, 1.0)
    assert every.root.parts[1].column is None
    assert MODULE.Node(MODULE.numbered(WORDS), np.array([0, 1])).column == 2
    assert MODULE.Node(MODULE.numbered(WORDS), np.array([2])).column is None
    assert MODULE.Node(MODULE.numbered(WORDS), np.array([], int)).column is None


def test_each_candidate_adds_one_node_and_counts_in_those_above() -> None:
    every = tree()
    every.add(0, 3.0)
    assert not every.root.parts
    every.add(1, 5.0)
    assert {choice: part.visits for choice, part in every.root.parts.items()} == {0: 1}
    every.add(2, 10.0)
    part = every.root.parts[0]
    assert (every.root.visits, every.root.total, every.root.new.tolist()) == (3, 18.0, [3, 4])
    assert (part.visits, part.total, part.new.tolist()) == (2, 15.0, [])
    assert not part.parts


def test_what_was_never_tried_comes_first() -> None:
    every = tree()
    every.add(0, 3.0)
    every.add(1, 5.0)
    assert {every.choose(np.random.default_rng(seed)) for seed in range(20)} == {3, 4}


def test_then_the_higher_bound_is_followed() -> None:
    """Both parts were tried once, so the value decides: a, then b."""
    for values, expected in (((3.0, 5.0, 4.0), {2}), ((3.0, 4.0, 5.0), {4})):
        every = tree()
        for place, fitness in zip((0, 1, 3), values, strict=True):
            every.add(place, fitness)
        assert {every.choose(np.random.default_rng(seed)) for seed in range(20)} == expected


def test_a_part_that_is_often_followed_gives_way() -> None:
    """Words with a are better by 0.2 of the range, which the lone z spans; still some with b are asked for."""
    words = [first + second + third for first in "ab" for second in "0123456789" for third in "0123456789"]
    asked = searched(mcts(Words((*words, "z")), 1), 100, lambda word: {"a": 1.0, "b": 0.8, "z": 0.0}[word[0]])
    assert 5 < sum(word.startswith("b") for word in asked) < 45


def test_choices_at_random_are_made_one_by_one() -> None:
    """Half of the draws go to the only word with b, as half of the choices do."""
    every = tree(["aa", "ab", "ac", "ad", "b"])
    drawn = [every.choose(np.random.default_rng(seed)) for seed in range(200)]
    assert 70 < drawn.count(4) < 130
