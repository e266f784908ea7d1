"""The scatter plot: what is drawn where, what the title says, and every kind of empty."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from app.charts import palette
from app.charts.scatter import correlation_title, scatter_data, scatter_figure
from eproxy_engine.statistics import correlate

CELL = "|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|"
UNDEFINED = {"rho": None, "rho_low": None, "rho_high": None, "n": 1, "diverged": 0}


def table(scores: list[float]) -> pd.DataFrame:
    n = len(scores)
    return pd.DataFrame(
        {
            "architecture": [f"a{i}" for i in range(n)],
            "accuracy": np.linspace(80, 94, n),
            "score": scores,
            "parameters": np.arange(1, n + 1) * 1_000_000,
            "flops": np.arange(1, n + 1) * 2_500_000,
        }
    )


def figure_of(scores: list[float], selected: str | None = None, **options: object) -> go.Figure:
    rows = table(scores)
    correlation = correlate(rows["score"], rows["accuracy"]).as_dict()
    return scatter_figure(scatter_data(rows, correlation, selected), **options)


@pytest.mark.parametrize(
    ("correlation", "title"),
    [
        ({"rho": 0.631, "rho_low": 0.5512, "rho_high": 0.7, "n": 200}, "ρ = 0.63 [0.55, 0.70], n = 200"),
        ({"rho": -0.118, "rho_low": -0.3, "rho_high": -0.001, "n": 15625}, "ρ = −0.12 [−0.30, 0.00], n = 15,625"),
        ({"rho": 1.0, "rho_low": None, "rho_high": None, "n": 2}, "ρ = 1.00, n = 2"),
        (UNDEFINED, "ρ undefined, n = 1"),
        ({}, "ρ undefined, n = 7"),
    ],
)
def test_title_states_the_correlation(correlation: dict, title: str) -> None:
    assert correlation_title(correlation, 7) == title


def test_finite_points_are_drawn_at_their_scores() -> None:
    rows = table([-0.5, -0.4, -0.3])
    data = scatter_data(rows, UNDEFINED)
    assert data.finite.x == [-0.5, -0.4, -0.3]
    assert data.finite.y == [80, 87, 94]
    assert data.finite.details[1] == ("a1", "a1", 2.0, 5.0, 87.0, "-0.4")
    assert data.diverged.x == data.selected.x == []


def test_ranks_are_places_in_the_order_and_keep_the_values_for_the_hover_box() -> None:
    data = scatter_data(table([-0.3, -0.5, -0.5, -math.inf]), UNDEFINED, ranks=True)
    assert data.finite.x == [3, 1.5, 1.5]
    assert data.finite.y == [1, 2, 3]
    assert data.finite.details[0][4:] == (80.0, "-0.3")
    assert data.diverged.x[0] < 1.5
    assert data.diverged.y == [4]


def test_diverged_points_are_all_drawn_left_of_the_others() -> None:
    data = scatter_data(table([-math.inf, -0.5, math.nan, -0.3]), UNDEFINED)
    assert data.finite.x == [-0.5, -0.3]
    assert len(data.diverged.x) == 2
    assert all(-0.55 < x < -0.5 for x in data.diverged.x)
    assert [d[0] for d in data.diverged.details] == ["a0", "a2"]


def test_diverged_trace_says_how_many() -> None:
    figure = figure_of([-0.5, -0.4, -math.inf])
    assert [t.name for t in figure.data] == ["architectures", "diverged (1)"]
    assert figure.data[1].marker.symbol == "x-thin"
    assert figure.data[1].customdata[0][5] == "diverged"
    assert figure.layout.showlegend


def test_all_diverged_still_shows_each() -> None:
    figure = figure_of([-math.inf] * 3)
    assert figure.layout.title.text == "ρ undefined, n = 3"
    (trace,) = figure.data
    assert trace.name == "diverged (3)"
    assert np.isfinite(trace.x).all()
    assert figure.layout.xaxis.showticklabels is False


@pytest.mark.parametrize("scores", [[-0.4], [-0.4] * 5])
def test_constant_scores_and_single_rows(scores: list[float]) -> None:
    figure = figure_of(scores)
    assert figure.layout.title.text == f"ρ undefined, n = {len(scores)}"
    assert sum(len(t.x) for t in figure.data) == len(scores)


def test_a_single_score_beside_a_diverged_one() -> None:
    figure = figure_of([0.0, -math.inf])
    assert figure.layout.title.text == "ρ = −1.00, n = 2"
    ((finite,), (diverged,)) = (trace.x for trace in figure.data)
    assert diverged < finite


@pytest.mark.parametrize("colour", [palette.BARRIER, palette.NO_BARRIER, palette.OTHER_PROXY])
def test_points_have_the_colour_of_their_proxy(colour: str) -> None:
    assert figure_of([-0.5, -0.4], colour=colour).data[0].marker.color == colour


def test_selected_is_drawn_last_bigger_and_in_its_colour() -> None:
    figure = figure_of([-0.5, -0.4, -math.inf], selected="a1")
    chosen = figure.data[-1]
    assert (chosen.name, list(chosen.x), chosen.marker.color) == ("selected", [-0.4], palette.SELECTED)
    assert chosen.marker.size > figure.data[0].marker.size
    assert chosen.customdata[0][0] == "a1"


def test_selected_diverged_is_a_ring_on_its_cross() -> None:
    figure = figure_of([-0.5, -math.inf], selected="a1")
    assert figure.data[-1].marker.symbol == "circle-open"
    assert list(figure.data[-1].x) == list(figure.data[1].x)


def test_unknown_selection_is_ignored() -> None:
    assert [t.name for t in figure_of([-0.5, -0.4], selected="elsewhere").data] == ["architectures"]


def test_no_rows_give_a_clean_chart_with_a_message() -> None:
    figure = scatter_figure(scatter_data(table([]), {"rho": None, "n": 0}))
    assert not figure.data
    assert figure.layout.annotations[0].text == "no evaluations yet"
    assert figure.layout.xaxis.visible is False


@pytest.mark.parametrize(("n", "kind"), [(3000, go.Scatter), (15_625, go.Scattergl)])
def test_many_points_are_drawn_by_webgl(n: int, kind: type) -> None:
    rows = table(list(np.linspace(-1, 0, n)))
    figure = scatter_figure(scatter_data(rows, UNDEFINED, "a0"))
    assert {type(t) for t in figure.data} == {kind}
    assert len(figure.data[0].customdata) == n


def test_hover_text_is_wrapped_but_the_identity_is_not() -> None:
    rows = table([-0.5]).assign(architecture=CELL)
    details = scatter_data(rows, UNDEFINED).finite.details[0]
    assert details[0] == CELL
    assert details[1].replace("<br>", "") == CELL
    assert max(map(len, details[1].split("<br>"))) <= 50


def test_axes_and_theme() -> None:
    figure = figure_of([-0.5, -0.4], accuracy_title="top-1 (%)", score_title="parameters (M)")
    assert figure.layout.xaxis.title.text == "parameters (M)"
    assert figure.layout.yaxis.title.text == "top-1 (%)"
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.color is None
