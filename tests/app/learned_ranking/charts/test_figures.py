"""Data of the Learned ranking page's figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from app.learned_ranking.charts.calibration import calibration_figure
from app.learned_ranking.charts.curve import curve_data, curve_figure
from app.learned_ranking.charts.predicted import INTERVAL, predicted_data, predicted_figure
from app.learned_ranking.charts.spreads import Spread, spreads, spreads_figure

TABLE = pd.DataFrame(
    {
        "architecture": ["a", "b", "c", "d"],
        "predicted": [1.5, 0.5, -0.5, -1.0],
        "deviation": [0.5, 0.4, 0.3, 0.2],
        "labelled": [False, True, False, False],
        "accuracy": [93.0, 92.0, 90.0, np.nan],
    }
)
UNDEFINED = {"mean": None, "sd": None}


def spread(mean: float) -> dict[str, float]:
    return {"mean": mean, "sd": 0.05}


def test_labelled_and_held_out_architectures_are_told_apart() -> None:
    data = predicted_data(TABLE, 0.8, 2, selected="c")
    assert (data.held_out.x, data.held_out.y) == ([1.5, -0.5], [93.0, 90.0])
    assert data.held_out.reach == pytest.approx([0.5 * INTERVAL, 0.3 * INTERVAL])
    assert (data.labelled.y, data.selected.y) == ([92.0], [90.0])
    assert data.title == "ρ = 0.80 on 2 held-out architectures"
    assert predicted_data(TABLE, 0.8, 2, ranks=True).held_out.y == [3.0, 1.0]
    assert {trace.name for trace in predicted_figure(data, "accuracy").data} == {"held out", "labelled", "selected"}


def test_a_model_without_deviation_has_no_intervals() -> None:
    data = predicted_data(TABLE.assign(deviation=np.nan), 0.8, 2)
    assert data.held_out.reach == []
    assert predicted_figure(data, "accuracy").data[0].error_x.array is None


def test_rows_are_ordered_and_undefined_ones_left_out() -> None:
    rows = spreads({"low": spread(0.2), "no": UNDEFINED, "high": spread(0.9)}, learned=True)
    assert [row.name for row in rows] == ["low", "high"]
    figure = spreads_figure([*rows, Spread("middle", 0.5, 0.0, False)], "title", "ρ")
    assert figure.layout.yaxis.categoryarray == ("low", "middle", "high")
    assert spreads_figure([], "title", "ρ").layout.annotations[0].text == "nothing to show"


def test_the_learning_curve_names_its_ends() -> None:
    rows = [{"labels": count, "rho": spread(rho), "tau": spread(rho)} for count, rho in ((5, 0.6), (10, 0.7))]
    data = curve_data(rows, {"flops": {"rho": spread(0.4)}, "constant": {"rho": UNDEFINED}})
    assert data.title == "ρ = 0.60 with 5 labels, 0.70 with 10"
    assert (data.labels, data.references) == ([5, 10], {"flops": 0.4})
    assert len(curve_figure(data).data) == 2
    assert "too few" in curve_figure(curve_data([], {})).layout.annotations[0].text


def test_calibration_says_how_much_the_widest_interval_holds() -> None:
    figure = calibration_figure({"0.5": 0.55, "0.95": 0.9})
    assert figure.layout.title.text == "90% of the held-out accuracies lie in the 95% interval"
    assert "no intervals" in calibration_figure({"0.5": None}).layout.annotations[0].text
