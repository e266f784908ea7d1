"""The panels of the proxies: where points are, the same selection in all, failed ones, and how it is laid out."""

import numpy as np
import plotly.graph_objects as go
import pytest

from app.charts import palette
from app.correlations.charts import points
from app.correlations.charts.grid import proxy_grid_data, proxy_grid_figure
from tests.app.correlations.charts.made_proxies import FAILED, row, scores

TWO = {"one": [1.0, 3.0, FAILED, 2.0], "two": [4.0, 3.0, 2.0, 1.0]}


def test_one_panel_a_row_in_its_order_says_its_rho() -> None:
    data = proxy_grid_data(scores(**TWO), [row("two", -0.631), row("one", None)])
    assert [panel.title for panel in data.panels] == ["TWO<br>ρ = −0.63", "ONE<br>ρ undefined"]
    assert data.panels[0].x.tolist() == [4, 3, 2, 1]
    assert data.y.tolist() == pytest.approx([80, 84.667, 89.333, 94], abs=1e-3)


def test_failed_ones_are_left_of_the_others_also_among_ranks() -> None:
    for ranks in (False, True):
        panel = proxy_grid_data(scores(**TWO), [row("one")], ranks=ranks).panels[0]
        assert panel.failed.tolist() == [False, False, True, False]
        assert panel.x[~panel.failed].tolist() == [1, 3, 2]
        assert 0.8 < panel.x[2] < 1
        assert panel.scores == ["1", "3", "failed", "2"]


def test_ranks_are_places_and_values_are_values() -> None:
    table = scores(one=[10.0, 1e6, -5.0, 10.0])
    assert proxy_grid_data(table, [row("one")]).panels[0].x.tolist() == [10, 1e6, -5, 10]
    ranked = proxy_grid_data(table, [row("one")], ranks=True)
    assert ranked.panels[0].x.tolist() == [2.5, 4, 1, 2.5]
    assert ranked.y.tolist() == [1, 2, 3, 4]


def test_the_selected_are_highlighted_in_every_panel() -> None:
    data = proxy_grid_data(scores(**TWO), [row("one"), row("two")], selected=["a1", "a2", "elsewhere"])
    figure = proxy_grid_figure(data)
    chosen = [trace for trace in figure.data if trace.name.startswith("selected")]
    found = [(trace.xaxis, trace.marker.symbol, [c[0] for c in trace.customdata]) for trace in chosen]
    assert found == [("x", None, ["a1"]), ("x", "x", ["a2"]), ("x2", None, ["a1", "a2"])]
    assert {trace.marker.color for trace in chosen} == {palette.SELECTED}
    plain = proxy_grid_figure(proxy_grid_data(scores(**TWO), [row("one")]))
    assert plain.data[0].marker.opacity > figure.data[0].marker.opacity
    assert "selected" not in {trace.name for trace in plain.data}


def test_every_point_knows_its_architecture_and_every_kind_is_in_the_legend_once() -> None:
    figure = proxy_grid_figure(proxy_grid_data(scores(**TWO), [row("one"), row("two")]))
    assert sorted(point[0] for trace in figure.data for point in trace.customdata) == sorted(
        2 * ["a0", "a1", "a2", "a3"]
    )
    assert [trace.name for trace in figure.data if trace.showlegend] == ["architectures", "failed"]
    assert figure.data[1].marker.symbol == "x"
    assert figure.layout.dragmode == "lasso"


@pytest.mark.parametrize(("panels", "columns"), [(1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4), (24, 4)])
def test_columns_by_number(panels: int, columns: int) -> None:
    names = [f"p{i}" for i in range(panels)]
    table = scores(**{name: [1.0, 2.0, 3.0] for name in names})
    figure = proxy_grid_figure(proxy_grid_data(table, [row(name) for name in names]))
    titles = figure.layout.annotations[:panels]
    assert len({round(title.x, 6) for title in titles}) == columns
    lines = -(-panels // columns)
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    domain = figure.layout.yaxis.domain
    assert 100 < plot * (domain[1] - domain[0]) < 260
    assert len({round(title.y, 6) for title in titles}) == lines
    narrow = proxy_grid_figure(proxy_grid_data(table, [row(name) for name in names]), columns=1)
    assert len({title.x for title in narrow.layout.annotations[:panels]}) == 1


def test_many_points_are_drawn_by_webgl() -> None:
    table = scores(one=list(np.linspace(0, 1, 4100)), two=list(np.linspace(1, 0, 4100)))
    assert {type(t) for t in proxy_grid_figure(proxy_grid_data(table, [row("one")])).data} == {go.Scatter}
    both = proxy_grid_figure(proxy_grid_data(table, [row("one"), row("two")]))
    assert {type(t) for t in both.data} == {go.Scattergl}


def test_nothing_measured_and_all_failed() -> None:
    assert proxy_grid_figure(proxy_grid_data(scores(one=[]), [])).layout.annotations[0].text == "no proxy measured yet"
    assert not proxy_grid_figure(proxy_grid_data(scores(one=[]), [row("one", None)])).data
    (trace,) = proxy_grid_figure(proxy_grid_data(scores(one=[FAILED, FAILED]), [row("one", None)])).data
    assert trace.name == "failed"
    assert list(trace.x) == [0, 0]


def test_the_title_names_the_best() -> None:
    rows = [row("one", 0.2), row("two", 0.7, rho_low=0.6, rho_high=0.8), row("three", None)]
    assert points.best_title(rows) == "Highest of 3: TWO, ρ = 0.70 [0.60, 0.80], n = 4"
    assert points.best_title(rows[2:]) == "ρ undefined for all proxies"
