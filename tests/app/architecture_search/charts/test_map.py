"""The map of a search: which architectures are shown, how they are marked, what the title says."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from app.architecture_search.charts.map import MapData, map_data, map_figure
from tests.app.architecture_search.charts.made_searches import trials

PLACES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [3.0, 3.0], [0.0, 2.0]])


def data(**given: object) -> MapData:
    return map_data(trials(), PLACES, (0.5, 0.25), **given)  # type: ignore[arg-type]


def named(figure: go.Figure, start: str) -> go.Scatter:
    (trace,) = [trace for trace in figure.data if trace.name.startswith(start)]
    return trace


def test_each_architecture_is_one_point_at_its_first_trial() -> None:
    found = data()
    assert found.architectures == ["a", "b", "c", "d"]
    assert found.places.tolist() == PLACES[:4].tolist()
    assert found.queried.tolist() == [True, False, True, False]
    assert found.title == "4 architectures tried, 2 queried; the best has 70.00"


def test_up_to_a_trial_only_what_was_known_then_is_shown_on_the_same_scale() -> None:
    found = data(last=3)
    assert found.architectures == ["a", "b", "c"]
    assert found.queried.tolist() == [True, False, False]
    assert found.best == 0
    assert (found.scale, found.span.tolist()) == (data().scale, data().span.tolist())


def test_the_best_is_the_most_accurate_queried_or_the_highest_scored() -> None:
    assert data().best == 2
    assert map_data(trials(query=[math.nan] * 5), PLACES, (0, 0)).best == 2
    nothing = [math.nan] * 5
    assert map_data(trials(query=nothing, fitness=nothing), PLACES, (0, 0)).best is None


@pytest.mark.parametrize(
    ("coloured", "values"),
    [("accuracy", [50, 90, 70, math.nan]), ("fitness", [-4, -3, -1, -2]), ("place", [1, 2, 3, 4])],
)
def test_colours(coloured: str, values: list[float]) -> None:
    np.testing.assert_array_equal(data(coloured=coloured).values, values)


def test_queries_of_the_proxys_design_have_a_mark_of_their_own() -> None:
    assert data(spent=1).spent.tolist() == [True, False, False, False]
    assert named(map_figure(data(spent=1)), "queried by the proxy's design (1)").marker.symbol == "diamond"


def test_lines_lead_from_parent_to_child() -> None:
    assert data().lines == [(0, 2), (2, 3), (3, 2)]
    line = named(map_figure(data(), lines=True), "parent to child")
    assert line.x[:3].tolist()[:2] == [0.0, 0.0]
    assert math.isnan(line.x[2])
    assert not any(trace.name == "parent to child" for trace in map_figure(data()).data)


def test_every_point_knows_its_architecture_and_unknown_values_are_hollow() -> None:
    figure = map_figure(data(), selected="b")
    assert named(figure, "selected").customdata[0][0] == "b"
    assert named(figure, "best").customdata[0][0] == "c"
    unknown = named(figure, "scored, accuracy unknown")
    assert (unknown.customdata[0][0], unknown.marker.symbol) == ("d", "circle-open")
    assert "trial 3, query 2" in named(figure, "queried").customdata[1][1]
    assert ["jumped here" in text for text in data().texts] == [False, False, True, False]


def test_nothing_tried_yet() -> None:
    nothing = map_data(trials().iloc[:0], np.zeros((0, 2)), (0.0, 0.0))
    assert map_figure(nothing).layout.annotations[0].text == "nothing tried yet"
