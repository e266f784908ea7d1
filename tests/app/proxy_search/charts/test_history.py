"""ρ against trial: who is in which group, the running lines, what is said, from no trial to a thousand."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from app.charts import palette
from app.proxy_search.charts.history import history_data, history_figure
from eproxy_engine.search.proxy_search.search import UNDEFINED, Trial
from tests.app.proxy_search.charts.made_trials import cut_short, random_trials, trial


def mixed() -> list[Trial]:
    return [
        trial(0.2),
        trial(0.6, diverged=2),
        trial(UNDEFINED, scores=(None,) * 20, diverged=20),
        trial(0.5, parent=1, reused=True),
        cut_short(0.4, parent=1),
    ]


def named(figure: go.Figure, start: str) -> go.Scatter:
    (trace,) = [trace for trace in figure.data if trace.name.startswith(start)]
    return trace


def test_every_trial_is_in_one_group() -> None:
    data = history_data(mixed(), 3)
    groups = (data.full, data.reused, data.cut_short, data.undefined)
    assert [points.x for points in groups] == [[1, 2], [4], [5], [3]]
    assert data.full.y == [0.2, 0.6]
    assert [place for points in groups for place, _ in points.details] == [0, 1, 3, 4, 2]


def test_a_cut_short_trial_counts_as_such_even_if_reused_or_undefined() -> None:
    data = history_data([cut_short(UNDEFINED), trial(0.3, reused=True, scores=())], 40)
    assert data.cut_short.x == [1, 2]


def test_undefined_ones_lie_below_all_others() -> None:
    data = history_data(mixed(), 3)
    assert 0.1 < data.undefined.y[0] < 0.2
    low, high = history_figure(data).layout.yaxis.range
    assert low < data.undefined.y[0]
    assert high > 0.6


def test_best_so_far_is_of_those_evaluated_in_full() -> None:
    trials = [cut_short(0.9), trial(0.2), trial(0.1), trial(0.4), cut_short(0.8)]
    best = history_data(trials, 40).best
    assert math.isnan(best[0])
    assert best[1:] == [0.2, 0.2, 0.4, 0.4]


def test_mean_is_that_of_the_living() -> None:
    trials = [trial(rho) for rho in (0.1, 0.3, 0.5, 0.7)]
    data = history_data(trials, 2)
    assert data.population == pytest.approx([0.1, 0.2, 0.4, 0.6])
    assert data.first_population == 2
    assert history_data(trials, 4).first_population is None


def test_title_states_the_first_best_and_that_it_is_optimistic() -> None:
    trials = [trial(0.1), trial(0.824), trial(0.824), cut_short(0.9)]
    expected = "Best ρ = 0.82 on its 20 architectures (optimistic), trial 2 of 4"
    assert history_data(trials, 40).title == expected
    assert history_data([cut_short(0.9)], 40).title == "ρ undefined in every trial, n = 1"


def test_hover_box_says_what_the_value_means() -> None:
    data = history_data(mixed(), 3)
    assert "trial 2 (random)<br>ρ = 0.600<br>2 evaluations diverged<br>deepest: wave high" in data.full.details[1][1]
    assert "trial 5 (child of 2)<br>ρ ≤ 0.400, cut short after 6 architectures" in data.cut_short.details[0][1]
    assert "ρ = undefined" in data.undefined.details[0][1]


def test_cut_short_is_hollow_and_each_point_knows_its_place() -> None:
    figure = history_figure(history_data(mixed(), 3))
    hollow = named(figure, "cut short (at most) (1)")
    assert hollow.marker.symbol == "circle-open"
    assert hollow.customdata[0][0] == 4
    assert named(figure, "evaluated in full (2)").marker.symbol is None
    assert named(figure, "best so far").hoverinfo == "skip"


def test_members_and_selection_are_drawn_over_the_others() -> None:
    figure = history_figure(history_data(mixed(), 3, members=(1, 0), selected=4))
    members, selected = figure.data[-2:]
    assert [row[0] for row in members.customdata] == [1, 0]
    assert (selected.marker.color, selected.customdata[0][0], selected.x[0]) == (palette.SELECTED, 4, 5)
    assert selected.marker.size > members.marker.size > named(figure, "evaluated").marker.size


def test_unknown_members_and_selection_are_ignored() -> None:
    data = history_data(mixed(), 3, members=(1, 99), selected=-1)
    assert data.members.x == [2]
    assert data.selected.x == []


def test_mark_where_the_first_population_ends() -> None:
    assert history_figure(history_data(mixed(), 3)).layout.shapes[0].x0 == 3.5
    assert not history_figure(history_data(mixed(), 40)).layout.shapes


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_few_and_many(n: int) -> None:
    trials = random_trials(min(n, 50), lambda _, rng: float(rng.uniform(-0.5, 0.9))) * math.ceil(n / 50)
    figure = history_figure(history_data(trials[:n], 40))
    points = named(figure, "evaluated in full")
    assert len(points.x) == n
    assert points.marker.size == (6 if n == 1000 else 9)
    assert figure.layout.xaxis.dtick == (None if n == 1000 else 1)
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_no_trials_and_none_defined() -> None:
    assert history_figure(history_data([], 40)).layout.annotations[0].text == "no trials yet"
    undefined = history_data([trial(UNDEFINED)] * 3, 40)
    assert len(history_figure(undefined).data[1].x) == 3
