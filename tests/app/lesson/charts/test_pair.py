import math

import numpy as np

from app.charts import palette
from app.lesson.charts.pair import pair_data, pair_figure


def test_the_title_tells_the_losses_at_the_marked_iteration() -> None:
    data = pair_data(np.array([3.0, 1.25]), np.array([3.0, 2.5]), barrier=True, marked=2)
    assert data.title == "With the barrier<br>loss: good 1.25, bad 2.50"
    assert pair_data(data.good, data.bad, barrier=False, marked=1).title.startswith(
        "Without the barrier<br>loss: good 3.00,"
    )


def test_a_divergence_is_a_gap_and_is_told() -> None:
    data = pair_data(np.array([3.0, 1.0]), np.array([3.0, math.inf]), barrier=True, marked=2)
    assert data.title.endswith("bad diverged")
    assert data.bad[0] == 3
    assert math.isnan(data.bad[1])


def test_good_and_bad_differ_by_dash_and_marker_in_the_colour_of_their_side() -> None:
    losses = np.array([2.0, 1.0])
    for barrier, colour in ((True, palette.BARRIER), (False, palette.NO_BARRIER)):
        good, bad = pair_figure(pair_data(losses, losses, barrier, 1), log=True).data
        assert {good.line.color, bad.line.color} == {colour}
        assert (good.line.dash, bad.line.dash) == ("solid", "dash")
        assert (good.marker.symbol, bad.marker.symbol) == ("circle", "circle-open")
    figure = pair_figure(pair_data(losses, losses, True, 2), log=True)
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.shapes[0].x0 == 2


def test_nothing_computed_says_so() -> None:
    nothing = np.full(3, np.nan)
    assert "nothing computed yet" in pair_figure(pair_data(nothing, nothing, True, 3)).layout.annotations[0].text


def test_all_curves_are_one_line_behind_and_a_few_that_explode_stay_outside() -> None:
    crowd = np.array([[2.0, 1.0]] * 99 + [[2.0, 1e6]])
    figure = pair_figure(pair_data(crowd[0], crowd[1], True, 2, crowd))
    behind = figure.data[0]
    assert behind.name == "all 100"
    assert len(behind.x) == 300
    assert np.isnan(behind.y[2::3]).all()
    assert figure.layout.yaxis.range[1] < 3
