"""The distribution of accuracies: shared bins, shares, marks and the title."""

import numpy as np
import pytest

from app.architectures.charts.distribution import distribution_data, distribution_figure
from app.charts import palette

KNOWN = np.linspace(10, 94, 2500)


def test_both_groups_are_shares_on_the_same_bins() -> None:
    data = distribution_data(KNOWN, KNOWN[-200:])
    assert len(data.bins.known) == len(data.bins.sample) == len(data.bins.edges) - 1
    assert data.bins.known.sum() == pytest.approx(100)
    assert data.bins.sample.sum() == pytest.approx(100)
    assert data.bins.edges[0] == 10
    assert data.bins.edges[-1] == 94


def test_title_states_the_sample() -> None:
    sample = np.array([83.14, 91.38, 94.2])
    assert distribution_data(KNOWN, sample).title == "3 of 2,500 architectures: 83.1 – 94.2 %, median 91.4 %"
    assert distribution_data([0.1, 0.2], [0.123456], "SSIM").title == (
        "1 of 2 architectures: 0.123 – 0.123 SSIM, median 0.123 SSIM"
    )


@pytest.mark.parametrize(("size", "marks"), [(1, 1), (50, 50), (51, 0)])
def test_small_samples_are_marked_one_by_one(size: int, marks: int) -> None:
    data = distribution_data(KNOWN, KNOWN[:size])
    assert len(data.marks) == marks
    figure = distribution_figure(data)
    assert len(figure.data) == (3 if marks else 2)
    assert (figure.layout.yaxis.range[0] < 0) == bool(marks)


def test_sample_is_drawn_on_top_and_narrower() -> None:
    known, sample = distribution_figure(distribution_data(KNOWN, KNOWN[:100])).data
    assert (known.marker.color, sample.marker.color) == (palette.MUTED, palette.BARRIER)
    assert (known.name, sample.name) == ("all known", "sample")
    assert sample.width[0] < known.width[0]


def test_unknown_accuracies_do_not_count() -> None:
    data = distribution_data([90, np.nan, 91], [np.nan])
    assert data.title == "0 of 2 architectures"
    assert data.bins.known.sum() == pytest.approx(100)


def test_empty_and_constant() -> None:
    figure = distribution_figure(distribution_data([], []))
    assert figure.layout.annotations[0].text == "no accuracies known"
    only_known = distribution_figure(distribution_data(KNOWN, []))
    assert [t.name for t in only_known.data] == ["all known"]
    constant = distribution_data([90.0] * 5, [90.0])
    assert constant.bins.known.max() == constant.bins.sample.max() == 100
    assert len(distribution_figure(constant).data) == 3


def test_axes_carry_units() -> None:
    layout = distribution_figure(distribution_data(KNOWN, KNOWN[:10])).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("accuracy (%)", "share of group (%)")
    assert distribution_figure(distribution_data([1, 2], [1], "")).layout.xaxis.title.text == "accuracy"
