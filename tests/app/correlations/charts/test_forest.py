"""The forest plot: order, which dots are filled, and what its title counts."""

from app.correlations.charts.forest import forest_data, forest_figure
from eproxy_engine.statistics import Difference
from tests.app.correlations.charts.made_proxies import row

ROWS = [
    row("size", 0.5, rho_low=0.4, rho_high=0.6),
    row("good", 0.58, rho_low=0.48, rho_high=0.68),
    row("bad", 0.3, rho_low=0.1, rho_high=0.45),
    row("none", None),
]
DIFFERENCES = {
    "good": Difference(0.58, 0.5, 0.02, 0.14, 0.99, 4),  # although the intervals overlap
    "bad": Difference(0.3, 0.5, -0.4, 0.01, 0.03, 4),
}


def test_filled_is_what_differs_by_more_than_chance() -> None:
    data = forest_data(ROWS, "size", DIFFERENCES)
    assert data.titles == ["GOOD", "SIZE", "BAD"]
    assert data.beyond_chance.tolist() == [True, False, False]
    assert data.title == "1 of 2 rank better than SIZE by more than chance, n = 4"
    assert data.ahead == ["+0.08 [0.02, 0.14]", "", "−0.20 [−0.40, 0.01]"]
    figure = forest_figure(data)
    assert [(trace.name, list(trace.x), trace.marker.symbol) for trace in figure.data] == [
        ("differs by more than chance", [0.58], "circle"),
        ("may be chance", [0.3], "circle-open"),
        ("compared with", [0.5], "diamond"),
    ]
    band, line = figure.layout.shapes
    assert (band.x0, band.x1, line.x0) == (0.4, 0.6, 0.5)


def test_a_baseline_without_rho_and_none_at_all() -> None:
    assert forest_data(ROWS, "none", {}).baseline == -1
    assert not forest_figure(forest_data(ROWS[3:], "none", {})).data
