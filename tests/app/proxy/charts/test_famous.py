"""Famous networks among other architectures: who is drawn where, by which name."""

import math

import numpy as np
import pandas as pd

from app.proxy.charts.famous import famous_data, famous_figure, spread
from eproxy_engine.runs.kinds.evaluation.famous import standings
from eproxy_engine.spaces import famous

TEXTS = {network.name: text for text, network in famous.in_space("darts").items()}


def evaluated(scores: dict[str, float]) -> pd.DataFrame:
    """Scores by the name of a famous network, or of another architecture; the first has 500 M FLOPs, the next 510 M."""
    return pd.DataFrame(
        {
            "architecture": [TEXTS.get(name, name) for name in scores],
            "score": list(scores.values()),
            "flops": [(500 + 10 * place) * 1_000_000 for place in range(len(scores))],
        }
    )


def test_names_and_ranks_stand_beside_the_famous_ones() -> None:
    rows = evaluated({"one": 3.0, "GDAS": 1.0, "two": 2.0, "PC-DARTS": 2.5})
    data = famous_data(rows, standings("darts", rows))
    assert data.title == "Highest of the famous networks: PC-DARTS, 2nd of 4"
    assert data.labels == ["PC-DARTS, 2nd", "GDAS, 4th"]
    assert data.famous.millions.tolist() == [530.0, 510.0]
    assert data.famous.score.tolist() == [2.5, 1.0]
    assert data.others.millions.tolist() == [500.0, 520.0]
    figure = famous_figure(data, score_title="score")
    others, lines, points, names = figure.data
    assert list(names.text) == data.labels
    for trace in (points, names):
        assert [point[0] for point in trace.customdata] == [TEXTS["PC-DARTS"], TEXTS["GDAS"]]
        assert "published ImageNet top-1 error 25.1 %" in trace.customdata[0][1]
    assert [point[0] for point in others.customdata] == ["one", "two"]
    assert list(lines.x) == [530.0, names.x[0], None, 510.0, names.x[1], None]
    left, right = figure.layout.xaxis.range
    assert left < 500
    assert 530 < names.x[0] < right


def test_names_keep_a_distance_and_stay_in_the_chart() -> None:
    apart = spread(np.array([90.0, 50.0, 10.0]), 0, 100)
    assert apart.tolist() == [90.0, 50.0, 10.0]
    together = spread(np.array([100.0, 100.0, 99.0, 1.0, 0.0]), 0, 100)
    assert together.round(6).tolist() == [97.0, 91.0, 85.0, 9.0, 3.0]
    many = spread(np.zeros(50), 0, 100)
    assert np.diff(many).max() < 0
    assert many.round(6).max() <= 99
    assert many.round(6).min() == 1.0


def test_diverged_ones_are_left_out_and_alone_leave_a_message() -> None:
    rows = evaluated({"GDAS": -math.inf, "PC-DARTS": 2.5})
    data = famous_data(rows, standings("darts", rows))
    assert data.labels == ["PC-DARTS, 1st"]
    assert [trace.name for trace in famous_figure(data, score_title="score").data][1:] == ["famous networks", "names"]
    rows = evaluated({"GDAS": -math.inf, "one": 1.0})
    figure = famous_figure(famous_data(rows, standings("darts", rows)), score_title="score")
    assert not figure.data
    assert "diverged" in figure.layout.annotations[0].text
