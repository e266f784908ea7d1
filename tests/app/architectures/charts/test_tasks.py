"""Correlations between tasks: over what both columns have, beside early stopping and size."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.architectures.charts.tasks import task_correlations, task_correlations_figure
from eproxy_engine import benchmarks

NAN = float("nan")


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "architecture": list("abcdef"),
            "parameters": [1, 2, 3, 4, 5, 6],
            "flops": [NAN] * 6,
            "one": [1.0, 2, 3, 4, NAN, NAN],
            "one@12": [4.0, 3, 2, 1, 0, NAN],
            "two": [NAN, 5, 1, 3, 2, 4],
            "rare": [1.0, NAN, NAN, NAN, NAN, 2],
        }
    )


def test_each_pair_over_the_architectures_that_have_both() -> None:
    data = task_correlations(table(), ["two", "one", "rare", "unmeasured"])
    assert data.names == ["two", "one", "one@12", "rare", "parameters"]
    places = {name: i for i, name in enumerate(data.names)}
    assert data.rho[places["one"], places["one@12"]] == -1
    assert data.common[places["one"], places["two"]] == 3
    expected = stats.spearmanr([2, 3, 4], [5, 1, 3]).statistic
    assert data.rho[places["one"], places["two"]] == pytest.approx(expected)
    assert np.isnan(data.rho[places["rare"], places["two"]])  # only one architecture has both
    np.testing.assert_array_equal(data.rho, data.rho.T)
    assert data.title.startswith("two and one agree with ρ = ") or data.title.startswith("one and two")


def test_final_accuracies_alone() -> None:
    data = task_correlations(table(), ["two", "one", "rare"])
    final = data.of_tasks()
    assert final.names == ["two", "one", "rare"]
    assert final.rho[0, 1] == data.rho[data.names.index("two"), data.names.index("one")]
    assert final.common[1, 2] == data.common[data.names.index("one"), data.names.index("rare")]
    assert final.title == data.title


def test_the_title_names_the_tasks_that_agree_least() -> None:
    rows = benchmarks.load("nasbench201")
    data = task_correlations(rows, ["cifar10", "cifar100", "imagenet16-120"])
    pairs = {
        (a, b): stats.spearmanr(rows[a], rows[b]).statistic
        for a, b in (("cifar10", "cifar100"), ("cifar10", "imagenet16-120"), ("cifar100", "imagenet16-120"))
    }
    low, high = min(pairs, key=pairs.__getitem__), max(pairs.values())
    assert f"{pairs[low]:.2f} ({low[0]}, {low[1]})" in data.title
    assert data.title.endswith(f"{high:.2f}")


def test_the_figure_shows_every_number_and_leaves_unknown_ones_empty() -> None:
    data = task_correlations(table(), ["two", "rare"])
    (heat,) = task_correlations_figure(data).data
    assert (heat.zmin, heat.zmax) == (-1, 1)
    assert heat.text[0][0] == "1.00"
    assert heat.text[0][1] == ""


def test_no_task_is_said() -> None:
    data = task_correlations(benchmarks.load("nowhere"), ["cifar10"])
    assert "no accuracy is known" in task_correlations_figure(data).layout.annotations[0].text
