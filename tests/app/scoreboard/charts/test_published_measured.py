"""Published against measured: which cells are drawn, and what the title says of them."""

from __future__ import annotations

import math

import pandas as pd

from app.scoreboard.charts.published_measured import published_measured_data, published_measured_figure

NAN = math.nan
CELLS = pd.DataFrame(
    [
        ("NASWOT", "a", 0.5, 0.7, 0.55, 0.8),
        ("NASWOT", "b", 0.4, 0.5, 0.3, 0.6),
        ("Eproxy", "a", NAN, 0.2, 0.1, 0.3),
        ("Eproxy", "b", 0.1, NAN, NAN, NAN),
        ("Eproxy", "c", -0.2, -0.2, -0.3, -0.1),
    ],
    columns=["group", "name", "published", "measured", "low", "high"],
)


def test_only_cells_of_which_both_are_known() -> None:
    data = published_measured_data(CELLS)
    assert list(zip(data.groups, data.names, strict=True)) == [("NASWOT", "a"), ("NASWOT", "b"), ("Eproxy", "c")]
    assert (
        data.title == "Measured ρ 0.10 higher than published on average;<br>2 of 3 intervals contain the published one"
    )


def test_a_title_for_equal_lower_and_one() -> None:
    assert (
        published_measured_data(CELLS[4:]).title
        == "Measured ρ as published;<br>1 of 1 intervals contains the published one"
    )
    lower = CELLS[:1].assign(measured=0.25, low=0.1, high=0.4)
    assert published_measured_data(lower).title.startswith("Measured ρ 0.25 lower than published;")


def test_one_trace_a_row_and_the_same_range_on_both_axes() -> None:
    figure = published_measured_figure(published_measured_data(CELLS))
    assert [trace.name for trace in figure.data] == ["NASWOT", "Eproxy"]
    assert tuple(figure.layout.xaxis.range) == tuple(figure.layout.yaxis.range)
    assert figure.layout.xaxis.range[0] < -0.3 < 0.8 < figure.layout.xaxis.range[1]
    assert list(figure.data[0].error_y.array) == [0.8 - 0.7, 0.6 - 0.5]
    assert list(figure.data[1].customdata[0]) == ["c", "−0.20", "−0.20"]


def test_nothing_known_is_an_empty_chart() -> None:
    figure = published_measured_figure(published_measured_data(CELLS[3:4]))
    assert not figure.data
    assert "nothing to compare" in figure.layout.annotations[0].text
