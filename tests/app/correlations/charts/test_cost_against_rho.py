"""Cost against ρ: tabulated ones at the edge, intervals, ticks, labels that do not lie on each other."""

import math

import numpy as np
import pytest

from app.correlations.charts.cost_against_rho import cost_data, cost_figure
from app.correlations.charts.label_places import label_places
from tests.app.correlations.charts.made_proxies import row

ROWS = [
    row("quick", 0.4, rho_low=0.3, rho_high=0.5, seconds_per_architecture=0.01),
    row("slow", 0.7, rho_low=0.6, rho_high=0.8, seconds_per_architecture=2.5),
    row("flops", 0.6, rho_low=0.5, rho_high=0.7),
    row("undefined", None, seconds_per_architecture=0.1),
]
NOTHING = np.full(9, math.nan)


def test_milliseconds_and_intervals() -> None:
    data = cost_data(ROWS)
    assert data.titles == ["QUICK", "SLOW", "FLOPS"]
    np.testing.assert_array_equal(data.milliseconds, [10, 2500, math.nan])
    assert data.title == "Highest of 3: SLOW, ρ = 0.70 [0.60, 0.80], n = 4, at 2,500 ms per architecture"
    assert cost_data(ROWS[2:]).title == "FLOPS, ρ = 0.60 [0.50, 0.70], n = 4, at no cost"
    measured = cost_figure(data).data[0]
    assert list(measured.error_y.array) == pytest.approx([0.1, 0.1])
    assert measured.customdata[0] == "ρ = 0.40 [0.30, 0.50]<br>10 ms per architecture"


def test_what_costs_nothing_is_left_of_all_others_and_says_so() -> None:
    figure = cost_figure(cost_data(ROWS))
    measured, tabulated = figure.data
    assert tabulated.x[0] < min(measured.x)
    assert list(tabulated.text) == ["FLOPS"]
    axis = figure.layout.xaxis
    assert axis.type == "log"
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True))[tabulated.x[0]] == "none"
    assert axis.range[0] < math.log10(tabulated.x[0])
    assert tabulated.x[0] < figure.layout.shapes[0].x0 < min(measured.x)


def test_ticks_lie_within_the_costs() -> None:
    wide = cost_figure(cost_data(ROWS[:2])).layout.xaxis
    assert list(wide.ticktext) == ["10", "100", "1,000"]
    narrow = [row("one", seconds_per_architecture=0.015), row("two", seconds_per_architecture=0.06)]
    assert list(cost_figure(cost_data(narrow)).layout.xaxis.tickvals) == [20, 50]
    same = cost_figure(cost_data([row("one", seconds_per_architecture=0.03)])).layout.xaxis
    assert list(same.tickvals) == [30]
    assert same.range[0] < math.log10(30) < same.range[1]


@pytest.mark.parametrize("rows", [ROWS[2:3], ROWS[:1], ROWS[2:3] * 2])
def test_one_kind_alone(rows: list[dict]) -> None:
    (trace,) = cost_figure(cost_data(rows)).data
    assert np.isfinite(trace.x).all()


def test_nothing_to_compare_is_said() -> None:
    assert cost_figure(cost_data(ROWS[3:])).layout.annotations[0].text == "nothing to compare yet"


def test_labels_of_equal_points_go_to_different_places() -> None:
    x, y = np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.5, 0.5, 0.5, 1.0])
    found = label_places(x, y, ["one", "two", "three", "four"], NOTHING[:4], NOTHING[:4])
    assert len(set(found[:3])) == 3
    assert found[3] == "middle right"


def test_a_label_avoids_the_bar_beside_it() -> None:
    x, y = np.array([0.0, 0.02, 1.0]), np.array([0.5, 0.9, 0.0])
    labels = ["long label", "b", "c"]
    assert label_places(x, y, labels, NOTHING[:3], NOTHING[:3])[0] == "middle right"
    assert label_places(x, y, labels, np.array([0.45, 0.1, 0.0]), np.array([0.55, 1.0, 0.1]))[0] == "middle left"
