import numpy as np

from app.charts import palette
from app.lesson.charts.iterations import Line, iterations_data, iterations_figure

ENDS = np.array([1, 3])


def line(barrier: bool, *rho: float) -> Line:
    values = np.array(rho)
    return Line(barrier, values, ENDS, values[ENDS - 1] - 0.1, values[ENDS - 1] + 0.1)


def test_the_title_tells_rho_at_the_marked_iteration() -> None:
    data = iterations_data([line(True, 0.1, 0.5, 0.6), line(False, 0.0, -0.25, 0.2)], 2, 0.1)
    assert data.title == "Learning rate 0.1, iteration 2:<br>ρ = 0.50 with the barrier, −0.25 without"
    assert data.iterations == 3


def test_what_is_undefined_or_beyond_the_end_is_not_told() -> None:
    data = iterations_data([line(True, 0.1, np.nan, 0.6), line(False, 0.0, 0.2, 0.3)], 2, 1.0)
    assert data.title == "Learning rate 1, iteration 2:<br>ρ = 0.20 without"
    assert iterations_data([line(True, 0.1, 0.2, 0.6)], 7, 1.0).title == "Iteration 7"


def test_each_line_has_its_band_below_it() -> None:
    figure = iterations_figure(iterations_data([line(True, 0.1, 0.5, 0.6), line(False, 0.0, 0.1, 0.2)], 2, 1.0))
    band, above, _, other = figure.data
    assert list(band.x) == [1, 3, 3, 1]
    np.testing.assert_allclose(band.y, [0.2, 0.7, 0.5, 0.0])
    assert list(above.y) == [0.1, 0.5, 0.6]
    assert (above.line.color, other.line.color) == (palette.BARRIER, palette.NO_BARRIER)
    assert list(figure.layout.xaxis.tickvals) == [1, 2]
    assert figure.layout.shapes[0].x0 == 2


def test_an_unknown_interval_leaves_no_band() -> None:
    unknown = Line(True, np.array([0.1, 0.2, 0.3]), ENDS, np.full(2, np.nan), np.full(2, np.nan))
    assert len(iterations_figure(iterations_data([unknown], 1, 1.0)).data[0].x) == 0


def test_nothing_to_rank_says_so() -> None:
    assert iterations_figure(iterations_data([], 1, 1.0)).layout.annotations[0].text == "nothing to rank yet"
