import numpy as np

from app.lesson.charts.table_1 import grid_data, grid_figure

RHO = {(True, 1.0): 0.65, (False, 1.0): -0.081, (True, 0.1): np.nan, (False, 0.1): 0.5}


def test_cells_stand_by_barrier_and_learning_rate_the_largest_first() -> None:
    data = grid_data("a title", RHO, {(True, 1.0): (0.55, 0.7), (False, 0.1): (np.nan, np.nan)})
    assert data.learning_rates == [1.0, 0.1]
    np.testing.assert_array_equal(data.rho, [[0.65, np.nan], [-0.081, 0.5]])
    assert data.texts == [["0.65<br><span style='font-size:12px'>0.55 to 0.70</span>", "–"], ["−0.08", "0.50"]]


def test_the_figure_has_one_cell_for_each() -> None:
    figure = grid_figure(grid_data("a title", RHO))
    (cells,) = figure.data
    assert list(cells.x) == ["1", "0.1"]
    assert list(cells.y) == ["with the barrier", "without"]
    assert (cells.zmin, cells.zmax) == (-0.5, 1.0)
    assert figure.layout.yaxis.autorange == "reversed"  # the barrier on top
    assert figure.layout.title.text == "a title"


def test_nothing_to_rank_says_so() -> None:
    assert grid_figure(grid_data("a title", {})).layout.annotations[0].text == "nothing to rank yet"
