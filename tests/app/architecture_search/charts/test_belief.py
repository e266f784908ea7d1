"""A belief as a chart: the front, what was queried, and how often the model was right about its doubt."""

from __future__ import annotations

import numpy as np

from app.architecture_search.charts.belief import belief_data, belief_figure, outcomes_data, outcomes_figure
from eproxy_engine.learning.models import Prediction
from eproxy_engine.search.architecture_search.belief import Asked, Belief

MEAN, FLOPS = [0.5, 1.5, 1.0, -1.0, 0.0], [10e6, 30e6, 20e6, 25e6, 5e6]


def belief() -> Belief:
    prediction = Prediction(np.array(MEAN), np.array([0.1, 0.2, 0.3, 0.4, 0.5]))
    return Belief(list("abcde"), prediction, {"b": 93.0, "d": 88.5, "e": 90.25}, np.array(FLOPS))


def asked(query: int, mean: float, measured: float, rank: int = 1) -> Asked:
    return Asked(query, "c", mean, 0.5, rank, 10, 0.2, 92.0, measured)


def test_the_front_and_the_marks_of_the_queried_accuracies() -> None:
    data = belief_data(belief(), asked(4, 1.0, 0.3))
    assert data.front.tolist() == [True, True, True, False, True]
    assert data.queried.tolist() == [False, True, False, True, True]
    assert not data.drawn.any(), "d is queried, all others are in the front"
    assert data.title == "After 3 queries, the predicted best<br>of 5 is queried already"
    assert [text for _, text in data.marks] == ["88.50", "90.25", "93.00"]
    assert [round(score, 2) for score, _ in data.marks] == [-0.97, 0.0, 0.97]


def test_intervals_stand_at_the_front_and_a_star_at_what_is_asked_next() -> None:
    figure = belief_figure(belief_data(belief(), asked(4, 1.0, 0.3)))
    traces = {trace.name: trace for trace in figure.data}
    front = traces["front, with 80% intervals"]
    assert np.allclose(front.error_y.array, 1.2816 * np.array([0.1, 0.2, 0.3, 0.5]))
    star = traces["asked for next"]
    assert (star.x[0], star.y[0], star.customdata[0][0]) == (20.0, 1.0, "c")
    assert "asked for next" not in {trace.name for trace in belief_figure(belief_data(belief(), None)).data}


def test_outcomes_within_the_interval_are_counted() -> None:
    data = outcomes_data([asked(4, 1.0, 1.6), asked(5, 1.0, 1.7), asked(6, 0.0, -0.6)], marked=5)
    assert data.title == "2 of 3 outcomes lie in the model's 80% interval"
    figure = outcomes_figure(data)
    assert figure.layout.shapes[0].x0 == 5
    assert list(figure.data[1].y) == [1.6, 1.7, -0.6]
    assert "the model has not asked yet" in outcomes_figure(outcomes_data([])).layout.annotations[0].text
