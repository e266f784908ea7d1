"""Axes over the bulk: what is far out, where it is marked, what is said, and the button that shows all."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from app.architectures.charts.distribution import distribution_data, distribution_figure
from app.architectures.charts.size import size_data, size_figure
from app.charts.bulk import bulk, over_the_bulk
from app.charts.scatter import scatter_data, scatter_figure
from app.correlations.charts.grid import proxy_grid_data, proxy_grid_figure
from app.learned_ranking.charts.predicted import predicted_data, predicted_figure
from app.proxy_search.charts.held_out import Ranked, held_out_data, held_out_figure

USUAL = np.linspace(80, 90, 40)
BROKEN = np.array([10.0, 12.0])
SOME = np.r_[USUAL, BROKEN]


def test_what_is_three_interquartile_ranges_away_is_outside() -> None:
    found = bulk(SOME)
    assert found is not None
    assert (found.low, found.high, found.below, found.above) == (80, 90, 2, 0)
    high = bulk(-SOME)
    assert high is not None
    assert (high.low, high.high, high.below, high.above) == (-90, -80, 0, 2)


@pytest.mark.parametrize(
    "values",
    [
        USUAL,
        [],
        [np.nan, 5.0],
        [90.0] * 30,
        np.r_[USUAL[:6], BROKEN[:1]],  # too few to say what is usual
        np.r_[USUAL, np.linspace(9, 11, 12)],  # a quarter is no exception
        np.r_[np.linspace(0, 100, 9), [50.0] * 40, 100.0],  # half of them equal
    ],
    ids=["none", "empty", "one", "constant", "few", "many", "equal"],
)
def test_axes_without_exceptions_stay(values: np.ndarray) -> None:
    assert bulk(values) is None


def table(accuracies: np.ndarray) -> pd.DataFrame:
    n = len(accuracies)
    return pd.DataFrame(
        {
            "architecture": [f"a{i}" for i in range(n)],
            "accuracy": accuracies,
            "score": np.r_[np.linspace(-0.5, -0.4, n - 1), -np.inf],
            "one": np.linspace(0, 1, n),
            "two": np.r_[np.linspace(0, 1, n - 1), 1e9],
            "parameters": np.arange(1, n + 1) * 1_000_000,
            "flops": np.arange(1, n + 1) * 2_500_000,
        }
    )


def edges(figure: go.Figure) -> list[go.Scatter]:
    """The traces that the button hides."""
    (button,) = figure.layout.updatemenus[0].buttons
    return [figure.data[place] for place in button.args[2]]


def test_scatter_marks_a_broken_network_at_the_edge_with_its_value() -> None:
    figure = scatter_figure(scatter_data(table(SOME), {}, selected="a40"))
    low, high = figure.layout.yaxis.range
    assert 78 < low < 80
    assert 90 < high < 91
    finite, diverged, selected = edges(figure)
    assert finite.y[0] == diverged.y[0] == selected.y[0] == pytest.approx(79.3)
    assert finite.customdata[0][0] == "a40"
    assert finite.customdata[0][4] == 10.0
    assert "%{customdata[4]" in finite.hovertemplate
    assert finite.marker.symbol == ("triangle-down",)
    assert diverged.marker.symbol == "x-thin"
    assert [trace.name for trace in edges(figure) if trace.showlegend] == ["2 below 80, at the edge"]
    assert list(figure.data[0].y[-1:]) == [10.0], "the point itself stays where it is"


def test_the_button_shows_all_and_the_next_click_the_bulk() -> None:
    figure = scatter_figure(scatter_data(table(SOME), {}))
    menu = figure.layout.updatemenus[0]
    (button,) = menu.buttons
    assert menu.active == -1, "else Plotly takes the first click for the second"
    assert button.label == "Show all"
    assert list(button.args)[:2] == [{"visible": [False, False]}, {"yaxis.autorange": True}]
    assert button.args2[0] == {"visible": [True, True]}
    assert tuple(button.args2[1]["yaxis.range"]) == figure.layout.yaxis.range


def test_nothing_changes_without_exceptions_or_by_ranks() -> None:
    for figure in (
        scatter_figure(scatter_data(table(USUAL), {})),
        scatter_figure(scatter_data(table(SOME), {}, ranks=True)),
    ):
        assert not figure.layout.updatemenus
        assert figure.layout.yaxis.range is None


def test_every_panel_has_its_own_scores_and_all_the_same_accuracies() -> None:
    rows = [{"name": name, "title": name, "rho": 0.5, "n": 42} for name in ("one", "two")]
    figure = proxy_grid_figure(proxy_grid_data(table(SOME), rows))
    layout = figure.layout
    assert layout.yaxis.range == layout.yaxis2.range
    assert layout.xaxis.range is None
    assert layout.xaxis2.range[1] < 2
    (corner,) = [trace for trace in edges(figure) if trace.xaxis == "x2"]
    assert corner.marker.symbol == ("triangle-down", "diamond"), "the last is outside both axes"
    assert list(corner.customdata[1][-2:]) == [1e9, 12.0]


def test_values_that_the_hover_box_took_from_the_place_come_from_the_point() -> None:
    points = {"x": [*range(42)], "y": SOME, "mode": "markers", "hovertemplate": "%{y:.1f} at %{x}<extra></extra>"}
    figure = over_the_bulk(go.Figure(go.Scatter(**points)), {"y": bulk(SOME), "x": None})
    (mark,) = edges(figure)
    assert mark.hovertemplate == "%{customdata[1]:.1f} at %{customdata[0]}<extra></extra>"
    assert [list(row) for row in mark.customdata] == [[40.0, 10.0], [41.0, 12.0]]


def test_bars_at_the_edge_hold_what_lies_beyond() -> None:
    data = distribution_data(SOME, SOME[-5:])
    assert data.bulk is not None
    assert data.bulk.known.sum() == pytest.approx(100)
    assert data.bulk.known[0] == pytest.approx(100 * 2 / 42)
    assert data.bulk.first == "4.8 % of all below 80"
    figure = distribution_figure(data)
    assert figure.layout.xaxis.range[0] > 79
    assert [bar.visible for bar in figure.data if bar.type == "bar"] == [None, None, False, False]
    (button,) = figure.layout.updatemenus[0].buttons
    assert button.args[0]["visible"] == [False, False, True, True]


def test_all_other_pictures_of_accuracy() -> None:
    rows = table(SOME)
    ranked = rows.assign(labelled=False, predicted=1.0, deviation=np.nan)
    panel = Ranked(rows["architecture"].tolist(), SOME, SOME, {"rho": 0.5})
    for figure in (
        size_figure(size_data(rows, ["a1"])),
        predicted_figure(predicted_data(ranked, 0.5, 20), "accuracy (%)"),
        held_out_figure(held_out_data(panel, panel)),
    ):
        assert figure.layout.yaxis.range[0] > 78
        assert edges(figure)
