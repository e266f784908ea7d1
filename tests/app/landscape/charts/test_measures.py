"""One measure of groups of architectures."""

import math

import pytest

from app.charts import palette
from app.landscape.charts.measures import TITLES, Measured, measures_data, measures_figure

ROWS = [
    Measured("good", True, "log_ruggedness", [0.1, 0.2, 0.3]),
    Measured("good", False, "log_ruggedness", [0.02]),
    Measured("bad", True, "log_ruggedness", [0.4, math.nan, 0.6]),
    Measured("bad", False, "local_minima", [3]),
]


def test_mean_and_standard_deviation() -> None:
    data = measures_data(ROWS, "log_ruggedness")
    assert data.groups == ["good", "bad"]
    assert [row.mean for row in data.rows] == pytest.approx([0.2, 0.02, 0.5])
    assert [row.spread for row in data.rows] == pytest.approx([0.1, 0, math.sqrt(0.02)])
    assert data.title.startswith(
        "Ruggedness of log₁₀ loss: good 0.20 with the barrier, 0.020 without; bad 0.50 with the barrier<br>"
    )
    assert "1 value is undefined and left out" in data.title


def test_groups_are_rows_and_colours_the_barrier() -> None:
    figure = measures_figure(measures_data(ROWS, "log_ruggedness"))
    values, mean = figure.data[0], figure.data[1]
    assert list(values.x) == [0.1, 0.2, 0.3]
    assert mean.text == ("0.20 ± 0.10, n = 3",)
    assert figure.data[3].text == ("0.020",)  # the only value has no deviation
    assert [trace.marker.color for trace in figure.data[::2]] == [palette.BARRIER, palette.NO_BARRIER, palette.BARRIER]
    assert [trace.y[0] for trace in figure.data[::2]] == pytest.approx([-0.17, 0.17, 0.83])
    assert [trace.showlegend for trace in figure.data[1::2]] == [True, True, False]
    assert figure.layout.yaxis.ticktext == ("good", "bad")


def test_nothing_measured() -> None:
    for rows in ([], [Measured("good", True, "holes", [math.nan])]):
        assert measures_figure(measures_data(rows, "holes")).layout.annotations[0].text == "no value is defined"


@pytest.mark.parametrize("measure", TITLES)
def test_every_measure_is_drawn(measure: str) -> None:
    data = measures_data([Measured("good", True, measure, [1.0, 2.0])], measure)
    assert data.title == f"{TITLES[measure]}: good 1.5 with the barrier"
    assert len(measures_figure(data).data) == 2
