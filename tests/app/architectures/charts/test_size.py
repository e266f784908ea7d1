"""Accuracy against size: two panels, the sample among all, and what is said of it."""

import numpy as np
import pandas as pd
from scipy import stats

from app.architectures.charts.size import MOST_BEHIND, size_data, size_figure

RNG = np.random.default_rng(0)


def known(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "architecture": [f"a{i}" for i in range(n)],
            "accuracy": RNG.normal(90, 2, n),
            "parameters": RNG.integers(1e5, 1e7, n).astype(float),
            "flops": RNG.integers(1e7, 1e9, n).astype(float),
        }
    )


def test_the_title_says_how_well_size_ranks() -> None:
    rows = known(60)
    rho = stats.spearmanr(rows["parameters"], rows["accuracy"]).statistic
    data = size_data(rows, [])
    assert f"parameters {rho:.2f}".replace("-", "−") in data.title
    assert data.title.endswith("n = 60")


def test_sample_and_selected_are_drawn_over_all_in_both_panels() -> None:
    rows = known(20)
    figure = size_figure(size_data(rows, ["a3", "a4", "elsewhere"], "a3"))
    assert [(trace.name, len(trace.x), trace.xaxis) for trace in figure.data] == [
        ("all measured", 18, "x"),
        ("sample", 2, "x"),
        ("selected", 1, "x"),
        ("all measured", 18, "x2"),
        ("sample", 2, "x2"),
        ("selected", 1, "x2"),
    ]
    assert figure.data[2].customdata[0][0] == "a3"
    assert figure.data[2].x[0] == rows["parameters"][3] / 1e6
    assert figure.data[5].x[0] == rows["flops"][3] / 1e6
    assert [trace.showlegend for trace in figure.data] == [True] * 3 + [False] * 3


def test_rows_without_size_do_not_count() -> None:
    rows = known(10)
    rows.loc[:3, "flops"] = np.nan
    assert size_data(rows, []).architectures == [f"a{i}" for i in range(4, 10)]


def test_nothing_measured_is_said() -> None:
    figure = size_figure(size_data(known(0), []))
    assert not figure.data
    assert "no measured architecture" in figure.layout.annotations[0].text
    assert len(size_figure(size_data(known(1), [])).data) == 2


def test_of_many_architectures_some_are_a_light_background() -> None:
    rows = known(MOST_BEHIND + 3)
    figure = size_figure(size_data(rows, ["a1"], "a2"))
    behind, sample, selected = figure.data[:3]
    assert behind.type == "scatter"
    assert behind.name == "measured, some of them"
    assert len(set(behind.x)) == MOST_BEHIND
    assert set(behind.x) < set(rows["parameters"] / 1e6)
    assert behind.customdata is None
    assert behind.hoverinfo == "skip"
    assert sample.customdata[0][0] == "a1"
    assert selected.customdata[0][0] == "a2"
    assert f"n = {len(rows):,}" in figure.layout.title.text
