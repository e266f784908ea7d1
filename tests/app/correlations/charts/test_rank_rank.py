"""Places by one proxy against places by another: ties, failed ones, colours and selection."""

import numpy as np
import pytest
from scipy import stats

from app.charts import palette
from app.correlations.charts.rank_rank import rank_rank_data, rank_rank_figure
from tests.app.correlations.charts.made_proxies import FAILED, row, scores

ONE, TWO = [1.0, 9.0, FAILED, 2.0, FAILED], [4.0, 3.0, 2.0, 1.0, 1.0]
ROWS = [row("one"), row("two")]


def test_places_ties_and_failed_ones() -> None:
    data = rank_rank_data(scores(one=ONE, two=TWO), ROWS, "one", "two")
    assert data.x.tolist() == [3, 5, 1.5, 4, 1.5]
    assert data.y.tolist() == [5, 4, 3, 1.5, 1.5]
    assert data.failed.tolist() == [False, False, True, False, True]
    rho = stats.spearmanr(data.x, data.y).statistic
    assert data.title == f"ONE and TWO agree with ρ = {rho:.2f}, n = 5".replace("-", "−")
    assert rank_rank_figure(data).layout.xaxis.title.text == "rank by ONE (5 is best)"


def test_against_a_column_that_is_no_proxy_and_a_constant() -> None:
    table = scores(one=[1.0, 1.0, 1.0])
    assert rank_rank_data(table, ROWS, "one", "parameters").title == "ONE and parameters have no correlation, n = 3"


def test_coloured_by_accuracy_with_the_values_on_the_bar() -> None:
    table = scores(one=[1.0, 2.0, 3.0, 4.0, 5.0], two=TWO)
    table["accuracy"] = [90.0, 10.0, 94.0, 92.0, 91.0]
    figure = rank_rank_figure(rank_rank_data(table, ROWS, "one", "two"))
    assert list(figure.data[0].marker.color) == [2, 1, 5, 4, 3]
    bar = figure.layout.coloraxis.colorbar
    assert (list(bar.tickvals), list(bar.ticktext)) == ([1, 2, 3, 4, 5], ["10", "90", "91", "92", "94"])
    assert figure.data[0].customdata[1][:3] == ["a1", "a1", 10.0]


def test_selected_ones_have_a_ring_also_if_they_failed() -> None:
    figure = rank_rank_figure(rank_rank_data(scores(one=ONE, two=TWO), ROWS, "one", "two", ["a0", "a2", "x"]))
    assert [trace.name for trace in figure.data] == ["architectures", "failed by one", "selected"]
    ring = figure.data[-1]
    assert [point[0] for point in ring.customdata] == ["a0", "a2"]
    assert (ring.marker.color, ring.marker.symbol) == (palette.SELECTED, "circle-open")
    assert figure.layout.dragmode == "lasso"


@pytest.mark.parametrize("n", [0, 1])
def test_few(n: int) -> None:
    figure = rank_rank_figure(rank_rank_data(scores(one=ONE[:n], two=TWO[:n]), ROWS, "one", "two"))
    assert len(figure.data) == n
    assert np.isfinite(np.concatenate([trace.x for trace in figure.data] or [np.zeros(1)])).all()
