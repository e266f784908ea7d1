"""LaNAS: its regression and tree by hand, and that it finds the best of a made-up table early."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from eproxy_engine.search.strategies import lanas
from tests.search.made_up import POINTS, Words, queries_to_best

MODULE = sys.modules["eproxy_engine.search.strategies.lanas"]
Region = MODULE.Region
LINE = np.arange(8.0)[:, None]
"""Eight points with one feature, their place."""


def test_it_finds_the_best_far_sooner_than_chance() -> None:
    assert queries_to_best(lambda seed: lanas(Words(), seed), 10) < (len(POINTS) + 1) / 2 / 2


# --- regression ---


def test_a_regression_is_drawn_to_the_mean() -> None:
    """The features' sum of squares is 2 and the penalty 10, so the slope is 2 / 12 of 3."""
    predict = MODULE.regression(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 4.0, 7.0]))
    assert predict(np.array([[1.0], [2.0], [5.0]])).tolist() == pytest.approx([4.0, 4.5, 6.0])


def test_features_that_do_not_vary_weigh_nothing() -> None:
    features = np.array([[0.0, 1.0], [2.0, 1.0]])
    assert MODULE.regression(features, np.array([0.0, 1.0]))(np.array([[1.0, 0.0], [1.0, 9.0]])).tolist() == [0.5, 0.5]


# --- the tree ---


def shape(region: Region) -> object:
    """Value, visits and new points; of a node above others, those."""
    return [shape(part) for part in region.parts] or (round(region.value, 3), region.visits, region.new)


def test_a_tree_splits_by_prediction_the_good_part_first() -> None:
    """Of four points asked for, 0, 2, 4 and 6, the mean is predicted in the middle, at 3."""
    asked, new = np.array([0, 2, 4, 6]), np.array([7, 1, 3, 5])
    root = MODULE.learned(LINE, asked, np.array([0.0, 0.2, 0.6, 1.0]), new, splits=1)
    assert shape(root) == [(0.8, 2, [7, 3, 5]), (0.1, 2, [1])]


def test_parts_are_split_in_turn() -> None:
    asked, new = np.array([0, 2, 4, 6]), np.array([7, 1, 3, 5])
    root = MODULE.learned(LINE, asked, np.array([0.0, 0.2, 0.6, 1.0]), new, splits=2)
    assert shape(root) == [[(1.0, 1, [7, 5]), (0.6, 1, [3])], [(0.2, 1, [1]), (0.0, 1, [])]]


def test_points_alike_are_not_split() -> None:
    asked, new = np.array([0, 1]), np.array([2, 3])
    assert shape(MODULE.learned(LINE, asked, np.array([0.5, 0.5]), new)) == (0.5, 2, [2, 3])


def test_what_knows_nothing_has_the_value_above() -> None:
    assert shape(MODULE.learned(LINE, np.array([], int), np.array([]), np.array([3]), above=0.7)) == (0.7, 0, [3])


def tree(good: Region, bad: Region) -> Region:
    return Region(0.5, good.visits + bad.visits, [], [good, bad])


def test_the_upper_bound_by_hand() -> None:
    good, bad = Region(0.9, 8, [1]), Region(0.4, 2, [2])
    root = tree(good, bad)
    assert root.upper_bound(good) == pytest.approx(0.9 + 0.2 * math.sqrt(2 * math.log(10) / 8))
    assert root.upper_bound(Region(0.0, 0, [1])) == math.inf


def test_draws_go_where_the_bound_is_highest_until_others_promise_more() -> None:
    """After ten draws from the good part its bound is below the bad one's: 0.9 + 0.097 < 0.6 + 0.45."""
    good, bad = Region(0.9, 8, list(range(100))), Region(0.6, 1, list(range(100, 200)))
    root = tree(good, bad)
    drawn = [root.draw() for _ in range(60)]
    assert drawn[0] == 99
    assert 0 < sum(place >= 100 for place in drawn) < 20
    assert good.visits + bad.visits == root.visits == 69
    assert len({*drawn}) == 60


def test_a_part_without_new_points_is_left_out() -> None:
    root = tree(Region(1.0, 5, []), tree(Region(0.2, 3, []), Region(0.1, 3, [4, 5])))
    assert [root.draw(), root.draw()] == [5, 4]
    assert root.left == 0
