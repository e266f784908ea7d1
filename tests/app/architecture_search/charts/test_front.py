"""Score against size: nothing in the front is dominated, everything else is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.architecture_search.charts.front import front_data, front_figure, pareto_front
from tests.app.architecture_search.charts.made_searches import trials


@pytest.mark.parametrize("seed", range(5))
def test_exactly_what_nothing_dominates_is_in_the_front(seed: int) -> None:
    cost, gain = np.random.default_rng(seed).integers(0, 8, size=(2, 40))
    dominated = [
        bool(((cost <= c) & (gain >= g) & ((cost < c) | (gain > g))).any()) for c, g in zip(cost, gain, strict=True)
    ]
    assert pareto_front(cost, gain).tolist() == [not each for each in dominated]


def test_no_point_and_one() -> None:
    assert pareto_front([], []).tolist() == []
    assert pareto_front([1], [1]).tolist() == [True]


def test_every_scored_architecture_once() -> None:
    data = front_data(trials(fitness=[-1.0, -3.0, -0.5, math.nan, -0.5]), found="c")
    assert data.architectures == ["a", "b", "c"]
    assert data.millions.tolist() == [10, 20, 30]
    assert data.front.tolist() == [True, False, True]
    assert data.found.tolist() == [False, False, True]
    assert data.title == "2 of 3 scored architectures: no other scores higher with fewer FLOPs"


def test_failed_scores_are_counted_and_left_out() -> None:
    data = front_data(trials(fitness=[-1.0, -math.inf, -0.5, -2.0, -0.5]), "parameters")
    assert (data.architectures, data.failed) == (["a", "c", "d"], 1)
    assert data.title.endswith("fewer parameters")


def test_what_is_not_allowed_is_shaded() -> None:
    figure = front_figure(front_data(trials(), allowed=(5_000_000, 45_000_000)))
    low, high = figure.layout.shapes
    assert (low.x1, high.x0) == (5.0, 45.0)
    assert figure.layout.xaxis.range[0] < 5.0 < 45.0 < figure.layout.xaxis.range[1]
    assert not front_figure(front_data(trials())).layout.shapes


def test_points_know_their_architecture() -> None:
    figure = front_figure(front_data(trials(), found="c"))
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    assert by_name["found"].customdata[0][0] == "c"
    assert "accuracy 70" in by_name["found"].customdata[0][2]


def test_without_any_score_it_says_so() -> None:
    figure = front_figure(front_data(trials(fitness=[math.nan] * 5)))
    assert figure.layout.annotations[0].text == "no proxy has scored anything yet"
    figure = front_figure(front_data(trials(fitness=[-math.inf] * 5)))
    assert figure.layout.annotations[0].text == "no score is finite"
