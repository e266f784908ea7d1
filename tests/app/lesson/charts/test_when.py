import math

from app.charts import palette
from app.lesson.charts.when import when_data, when_figure
from eproxy_engine.statistics import Difference

SURE = Difference(0.6, -0.3, 0.7, 1.1, 1.0, 200)
DOUBTFUL = Difference(0.5, 0.55, -0.2, 0.1, 0.3, 200)
UNKNOWN = Difference(math.nan, 0.1, math.nan, math.nan, math.nan, 0)


def test_what_chance_does_not_explain_is_filled() -> None:
    data = when_data([("narrow", DOUBTFUL), ("none", UNKNOWN), ("wide", SURE)], "two")
    assert data.settings == ["wide", "narrow"]
    sure, doubtful = when_figure(data).data
    assert (list(sure.y), sure.marker.symbol, sure.marker.color) == (["wide"], "circle", (palette.BARRIER,))
    assert (list(doubtful.y), doubtful.marker.symbol) == (["narrow"], "circle-open")
    assert doubtful.marker.color == (palette.NO_BARRIER,)
    assert math.isclose(sure.error_x.array[0], 1.1 - 0.9)
    assert math.isclose(sure.error_x.arrayminus[0], 0.9 - 0.7)


def test_nothing_to_compare_says_so() -> None:
    assert when_figure(when_data([("none", UNKNOWN)], "")).layout.annotations[0].text == "nothing to compare yet"
