"""Loss curves: bands by accuracy, curves that end early, and the title's finding."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from app.charts import palette
from app.charts.loss_curves import loss_curves_data, loss_curves_figure

NAN = math.nan


def table(n: int, iterations: int = 5, accuracies: list[float] | None = None) -> pd.DataFrame:
    """Losses fall from 2; the final one is lower the more accurate the architecture is."""
    accuracy = accuracies if accuracies is not None else [80 + 10 * i / max(n - 1, 1) for i in range(n)]
    losses = [list(np.linspace(2, 1 - i / (2 * n), iterations)) for i in range(n)]
    return pd.DataFrame({"architecture": [f"a{i}" for i in range(n)], "accuracy": accuracy, "losses": losses})


def texts(figure: go.Figure) -> list[str]:
    return [a.text for a in figure.layout.annotations]


def test_one_line_trace_a_band_with_gaps() -> None:
    data = loss_curves_data(table(40))
    assert len(data.bands) == 10
    assert data.medians == []
    for band in data.bands:
        assert len(band.loss) == 4 * 6
        assert np.flatnonzero(np.isnan(band.loss)).tolist() == [5, 11, 17, 23]
        np.testing.assert_array_equal(np.isnan(band.iteration), np.isnan(band.loss))
    assert data.bands[0].iteration[:5].tolist() == [1, 2, 3, 4, 5]
    assert data.edges[0] == 80
    assert data.edges[-1] == 90
    assert data.edges == sorted(data.edges)


def test_bands_are_ordered_by_accuracy() -> None:
    data = loss_curves_data(table(40).sample(frac=1, random_state=0))
    means = [np.nanmean(band.loss) for band in data.bands]
    assert means == sorted(means, reverse=True)


@pytest.mark.parametrize(("accuracies", "bands"), [([90.0] * 30, 1), ([10.0] * 25 + [90.0] * 5, 2), ([1.0, 2.0], 2)])
def test_equal_accuracies_share_a_band(accuracies: list[float], bands: int) -> None:
    rows = table(len(accuracies), accuracies=accuracies)
    data = loss_curves_data(rows)
    assert len(data.bands) == bands == len(data.edges) - 1
    assert sum(int((~np.isnan(b.loss)).sum()) for b in data.bands) == 5 * len(rows)
    assert loss_curves_figure(data).data


def test_many_curves_stay_light_and_get_medians() -> None:
    data = loss_curves_data(table(2500, iterations=30))
    assert len(data.medians) == 10
    assert data.medians[0].loss[0] == 2
    figure = loss_curves_figure(data, log=True)
    assert len(figure.data) == 10 + 10 + 1
    assert isinstance(figure.data[0], go.Scattergl)
    assert figure.layout.yaxis.type == "log"


def test_title_states_the_finding() -> None:
    assert loss_curves_data(table(100)).title == "Median final loss: most accurate tenth 0.528, least accurate 0.978"
    assert loss_curves_data(table(4)).title == "Final loss: most accurate 0.625, least accurate 1"
    assert loss_curves_data(table(1)).title == "Final loss 1, n = 1"


def test_diverged_curves_end_early_and_are_counted() -> None:
    rows = table(4)
    rows.at[0, "losses"] = [2.0, 1e30, math.inf]
    rows.at[1, "losses"] = [NAN]
    data = loss_curves_data(rows, selected="a0")
    assert data.diverged == 2
    assert data.title == "Final loss: most accurate 0.625, least accurate diverged"
    assert data.range == (0.625, 2.0)
    assert data.ends.iteration.tolist() == [2]
    assert data.ends.loss.tolist() == [2]
    assert data.selected is not None
    assert data.selected.iteration[:2].tolist() == [1, 2]
    figure = loss_curves_figure(data)
    assert [t.name for t in figure.data if t.name] == ["diverged (2)", "selected"]
    assert figure.layout.yaxis.range[1] < 2.2
    assert loss_curves_figure(data, log=True).layout.yaxis.range[1] < math.log10(2.2)


def test_medians_count_diverged_curves_as_infinite() -> None:
    rows = table(60, accuracies=[90.0] * 60)
    for i in range(31):
        rows.at[i, "losses"] = [2.0, 1.5, NAN]
    assert loss_curves_data(rows).medians[0].iteration[:-1].tolist() == [1, 2]


def test_all_diverged() -> None:
    later = table(3).assign(losses=[[2.0, 9.0, NAN]] * 3)
    data = loss_curves_data(later)
    assert data.title == "Final loss: most accurate diverged, least accurate diverged"
    assert data.range is None
    assert loss_curves_figure(data).layout.yaxis.range is None
    at_once = loss_curves_data(table(3).assign(losses=[[NAN]] * 3))
    assert texts(loss_curves_figure(at_once)) == ["every evaluation diverged at the first iteration"]


def test_no_rows() -> None:
    data = loss_curves_data(table(0))
    assert data.bands == []
    assert texts(loss_curves_figure(data)) == ["no evaluations yet"]


def test_selected_is_thick_and_on_top() -> None:
    figure = loss_curves_figure(loss_curves_data(table(20), selected="a7"))
    assert figure.data[-1].name == "selected"
    assert figure.data[-1].line.color == palette.SELECTED
    assert figure.data[-1].line.width > figure.data[0].line.width
    assert "a7" in figure.data[-1].hovertemplate
    assert loss_curves_data(table(20), selected="elsewhere").selected is None


def test_a_single_iteration_is_drawn_as_points() -> None:
    figure = loss_curves_figure(loss_curves_data(table(3, iterations=1).assign(losses=[[1.0], [2.0], [3.0]])))
    assert {t.mode for t in figure.data} == {"markers"}


def test_colour_bar_has_a_step_a_band() -> None:
    figure = loss_curves_figure(loss_curves_data(table(40)), accuracy_title="top-1 (%)")
    bar = next(t.marker for t in figure.data if t.marker.showscale)
    assert bar.colorbar.title.text == "top-1 (%)"
    assert bar.colorbar.ticktext[0] == "80.00"
    assert len(bar.colorbar.tickvals) == len(bar.colorbar.ticktext) == 11
    assert len({t.line.color for t in figure.data[:10]}) == 10


def test_integer_ticks() -> None:
    assert loss_curves_figure(loss_curves_data(table(3))).layout.xaxis.dtick == 1
    assert loss_curves_figure(loss_curves_data(table(3, iterations=100))).layout.xaxis.nticks == 12


def test_curves_of_architectures_without_accuracy_are_in_no_band() -> None:
    rows = table(40)
    rows.loc[::2, "accuracy"] = NAN
    data = loss_curves_data(rows)
    assert data.unmeasured_count == 20
    assert sum(int((~np.isnan(b.loss)).sum()) for b in data.bands) == 20 * 5
    assert data.title == loss_curves_data(rows[rows["accuracy"].notna()]).title
    assert "accuracy not known (20)" in [trace.name for trace in loss_curves_figure(data).data]


def test_without_any_accuracy_the_curves_are_still_drawn() -> None:
    data = loss_curves_data(table(3, accuracies=[NAN] * 3))
    assert data.bands == []
    assert data.title == "Loss curves, n = 3, no accuracy known"
    (trace,) = loss_curves_figure(data).data
    assert int((~np.isnan(np.asarray(trace.y))).sum()) == 15
