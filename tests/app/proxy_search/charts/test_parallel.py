"""Parallel coordinates: which axes, where lines cross them, what is missing, and the best fifth."""

import numpy as np
import pytest

from app.proxy_search.charts.parallel import MOST_AXES, parallel_data, parallel_figure
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.proxy_search.search import UNDEFINED, Trial
from tests.app.proxy_search.charts.made_trials import cut_short, one_branch, random_trials, trial


def by_learning_rate(configuration: Configuration, rng: np.random.Generator) -> float:
    return configuration.learning_rate / 2 + 0.02 * float(rng.normal())


def two_kinds() -> list[Trial]:
    two = Configuration((Branch(c_mid=16), Branch("before_first", ("net", "dot"), c_mid=512)))
    return [trial(0.5, one_branch(c_mid=128)), trial(0.2, two), trial(0.4, one_branch(c_mid=16))]


def test_axes_have_the_values_in_order_and_missing_ones_as_a_dash() -> None:
    data = parallel_data(two_kinds(), ["deepest.c_mid", "before_first.features", "branches"])
    assert [axis.name for axis in data.axes] == ["deepest.c_mid", "before_first.features", "branches"]
    width, features, branches = data.axes
    assert width.values == ["16", "128"]
    assert features.values == ["–", "ND"]
    assert branches.values == ["deep", "deep 1st"]
    assert data.trials == [1, 2, 0]  # from the lowest ρ up
    assert data.rho.tolist() == [0.2, 0.4, 0.5]
    assert width.places.tolist() == [0, 0, 1]
    assert features.places.tolist() == [1, 0, 0]


def test_components_that_do_not_vary_are_left_out() -> None:
    data = parallel_data(two_kinds(), ["learning_rate", "deepest.c_mid", "nonsense"])
    assert [axis.name for axis in data.axes] == ["deepest.c_mid"]


def test_only_trials_whose_rho_is_known_have_a_line() -> None:
    trials = [*two_kinds(), cut_short(0.9), trial(UNDEFINED, scores=(None,) * 20)]
    assert parallel_data(trials, ["branches"]).trials == [1, 2, 0]


def test_the_most_important_come_first_by_default() -> None:
    data = parallel_data(random_trials(80, by_learning_rate))
    assert len(data.axes) == MOST_AXES
    assert data.axes[0].name == "learning_rate"
    few = parallel_data(random_trials(5, by_learning_rate))
    assert few.axes[0].name == "branches"
    assert len(few.axes) == MOST_AXES


def test_title_states_what_sets_the_best_apart() -> None:
    trials = [trial(0.9 - i / 50, one_branch(barrier_kernel=7 if i < 6 else 1)) for i in range(20)]
    expected = "deepest: barrier kernel = 7 in 100% of the best fifth, 30% of all"
    assert parallel_data(trials, ["deepest.barrier_kernel"]).title == expected
    assert parallel_data(two_kinds(), ["branches"]).title == "Components of 3 configurations and their ρ"


def test_the_best_fifth_is_picked_and_lines_stay_near_their_value() -> None:
    data = parallel_data(random_trials(40, by_learning_rate), ["learning_rate", "network_init"])
    (lines,) = parallel_figure(data).data
    *axes, rho = lines.dimensions
    low, high = rho.constraintrange
    assert int(((data.rho >= low) & (data.rho <= high)).sum()) == 8
    for axis, drawn in zip(data.axes, axes, strict=True):
        np.testing.assert_array_equal(np.rint(drawn["values"]), axis.places)
        assert list(drawn.ticktext) == axis.values
        assert len(drawn.tickvals) == len(axis.values)
    np.testing.assert_array_equal(lines.line.color, data.rho)


def test_letters_are_explained_where_there_are_features() -> None:
    trials = random_trials(10, by_learning_rate)
    with_features = parallel_figure(parallel_data(trials, ["deepest.features", "learning_rate"]))
    assert with_features.layout.annotations[0].text.startswith("features: N net")
    assert not parallel_figure(parallel_data(trials, ["learning_rate"])).layout.annotations


@pytest.mark.parametrize("trials", [[], [trial(0.5)], [trial(0.5), trial(0.4)], [cut_short(0.5)] * 3])
def test_nothing_to_compare_is_said(trials: list[Trial]) -> None:
    figure = parallel_figure(parallel_data(trials))
    assert "two different configurations" in figure.layout.annotations[0].text


def test_equal_rhos_still_have_a_range() -> None:
    trials = [trial(0.5, one_branch(c_mid=width)) for width in (16, 32, 64)]
    (lines,) = parallel_figure(parallel_data(trials)).data
    assert lines.line.cmax > lines.line.cmin
    low, high = lines.dimensions[-1].constraintrange
    assert low < high
