"""Cost against ρ: tabulated ones at the edge, intervals, ticks, labels that do not lie on each other."""

import math

import numpy as np
import pytest

from app.correlations.charts.cost_against_rho import cost_data, cost_figure
from app.correlations.charts.label_places import HEIGHT, WIDTHS, Place, label_places
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


def overlapping(width: int, x: np.ndarray, y: np.ndarray, labels: list[str], places: list[Place]) -> int:
    """Pairs of labels of 6 pixels a character and 14 pixels a line that lie on each other."""
    middles = np.stack([x * width + [p.across for p in places], y * HEIGHT + [p.up for p in places]], axis=1)
    widths = np.array([6.0 * len(label) for label in labels])
    near = np.abs(middles[:, None] - middles) < np.stack(
        [(widths[:, None] + widths) / 2, np.full((len(x),) * 2, 14)], 2
    )
    return int(np.triu(near.all(axis=2), 1).sum())


def test_labels_of_a_crowd_do_not_lie_on_each_other() -> None:
    """Sixteen proxies within a tenth of the axis, as near 50 ms on the Cost tab, and two at the ends."""
    rng = np.random.default_rng(0)
    x, y = np.r_[0, 1, rng.uniform(0.45, 0.55, 16)], np.r_[0, 1, rng.uniform(0.6, 0.9, 16)]
    labels = [f"AZ-NAS part {i}" for i in range(18)]
    places = label_places(x, y, labels, np.maximum(y - 0.05, 0), np.minimum(y + 0.05, 1))
    beside = [Place(7 + 3 * len(label), 0) for label in labels]
    for width in WIDTHS:
        assert overlapping(width, x, y, labels, beside) > 20
        assert overlapping(width, x, y, labels, places) <= 1
    assert places[0] == Place(7 + 6.6 * 13 / 2, 0), "beside its point where there is room"
    assert any(place.far for place in places)


def test_labels_stay_in_the_picture() -> None:
    x, y = np.array([0.0, 1.0]), np.array([0.5, 0.5])
    left, right = label_places(
        x, y, ["a label of thirty characters !", "another of thirty characters !"], NOTHING[:2], NOTHING[:2]
    )
    assert left.across > 0
    assert right.across < 0


def test_a_far_label_has_a_line_to_its_point() -> None:
    crowd = [row(f"proxy {i}", 0.5 + i / 1000, seconds_per_architecture=0.05) for i in range(9)]
    notes = cost_figure(cost_data([*crowd, *ROWS[:2]])).layout.annotations
    assert [note.text for note in notes][:2] == ["PROXY 0", "PROXY 1"]
    assert {note.arrowcolor for note in notes} == {"#8C8C8C", "rgba(0,0,0,0)"}
