"""Famous networks among other architectures: who is drawn where, by which name."""

import math

import pandas as pd

from app.proxy.charts.famous import famous_data, famous_figure
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
    others, named = figure.data
    assert list(named.text) == data.labels
    assert [point[0] for point in named.customdata] == [TEXTS["PC-DARTS"], TEXTS["GDAS"]]
    assert [point[0] for point in others.customdata] == ["one", "two"]
    assert "published ImageNet top-1 error 25.1 %" in named.customdata[0][1]
    low, high = figure.layout.xaxis.range
    assert low < 500
    assert high > 530


def test_diverged_ones_are_left_out_and_alone_leave_a_message() -> None:
    rows = evaluated({"GDAS": -math.inf, "PC-DARTS": 2.5})
    data = famous_data(rows, standings("darts", rows))
    assert data.labels == ["PC-DARTS, 1st"]
    assert len(famous_figure(data, score_title="score").data) == 1
    rows = evaluated({"GDAS": -math.inf, "one": 1.0})
    figure = famous_figure(famous_data(rows, standings("darts", rows)), score_title="score")
    assert not figure.data
    assert "diverged" in figure.layout.annotations[0].text
