"""Importance: what was planted is found, noise is told from it, branches count where they are, Optuna stays quiet."""

import ast
import inspect
import warnings
from types import ModuleType

import numpy as np
import pytest

from app.charts import palette
from app.proxy_search.charts import importance, parallel
from app.proxy_search.charts.components import FEWEST
from app.proxy_search.charts.importance import (
    DpsImportanceData,
    importance_data,
    importance_figure,
    most_important,
)
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.proxy_search.search import Trial
from tests.app.proxy_search.charts.made_trials import cut_short, random_trials, trial


def noise(_: Configuration, rng: np.random.Generator) -> float:
    return float(rng.normal())


def by_network_init(configuration: Configuration, rng: np.random.Generator) -> float:
    return float(configuration.network_init == "xavier_normal") + 0.2 * float(rng.normal())


def test_what_decides_comes_first_and_is_beyond_chance() -> None:
    data = importance_data(random_trials(120, by_network_init))
    assert data is not None
    assert data.names[0] == "network_init"
    assert data.share[0] > 2 * data.chance[0]
    assert data.share == sorted(data.share, reverse=True)
    assert sum(data.share) == pytest.approx(100)
    assert data.title.endswith("the best fifth apart beyond chance, network init most")


def test_noise_is_seldom_beyond_chance() -> None:
    data = importance_data(random_trials(120, noise))
    assert data is not None
    beyond = sum(share > chance for share, chance in zip(data.share, data.chance, strict=True))
    assert beyond <= 4  # 23 components at a level of one in twenty; this draw has one at most
    features = data.names.index("deepest.features")
    kernel = data.names.index("deepest.barrier_kernel")
    assert data.chance[features] > data.chance[kernel]  # 31 values against three


def test_a_branch_counts_as_branches_not_as_its_parts() -> None:
    rng = np.random.default_rng(0)
    both = (Branch(), Branch("before_first", c_mid=128))
    trials = [
        trial(float(i % 2) + 0.1 * rng.normal(), Configuration(both if i % 2 else both[:1], learning_rate=rate))
        for i, rate in enumerate(rng.choice([0.5, 1.0], size=60))
    ]
    data = importance_data(trials)
    assert data is not None
    shares = dict(zip(data.names, data.share, strict=True))
    assert data.names[0] == "branches"
    assert shares["before_first.c_mid"] == 0  # among the trials that have the branch it is always the same
    assert dict(zip(data.names, data.present, strict=True))["before_first.c_mid"] == 30


def test_parts_of_a_barrier_count_among_those_that_have_one() -> None:
    rng = np.random.default_rng(0)
    drawn = [PROXY_SPACES["lean"].sample(rng) for _ in range(100)]
    data = importance_data([trial(float(c.barrier) + 0.3 * rng.normal(), c) for c in drawn])
    assert data is not None
    assert data.names[0] == "barrier"
    present = dict(zip(data.names, data.present, strict=True))
    assert present["barrier"] == 100
    assert present["barrier_init"] == sum(c.barrier for c in drawn)


def test_what_is_the_same_everywhere_is_left_out() -> None:
    data = importance_data(random_trials(30, noise))
    assert data is not None
    assert "barrier" not in data.names


def test_trials_cut_short_are_not_among_the_best() -> None:
    trials = random_trials(60, by_network_init)
    short = [cut_short(2.0, t.configuration) if t.configuration.network_init == "xavier_normal" else t for t in trials]
    data = importance_data(short)
    assert data is not None
    assert data.names[0] == "network_init"  # as none of the best fifth has it now
    assert data.trials == 60


@pytest.mark.parametrize("trials", [[], random_trials(FEWEST - 1, noise), [trial(0.1)] * 30])
def test_too_few_or_all_the_same_have_none(trials: list[Trial]) -> None:
    assert importance_data(trials) is None
    figure = importance_figure(importance_data(trials))
    assert not figure.data
    assert "20" in figure.layout.annotations[0].text


def test_bars_beyond_chance_stand_out() -> None:
    data = importance_data(random_trials(120, by_network_init))
    assert data is not None
    bars, marks = importance_figure(data).data
    assert bars.marker.color[0] == palette.BLUE
    assert bars.marker.color[-1] == palette.MUTED
    assert list(marks.x) == data.chance
    assert bars.customdata[0][0] == "network_init"
    assert bars.y[0] == "network init"


def test_nothing_is_printed_and_nothing_warned(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert importance_data(random_trials(FEWEST, noise)) is not None
    assert capfd.readouterr() == ("", "")


def test_the_same_trials_give_the_same_numbers() -> None:
    trials = random_trials(40, noise)
    assert importance_data(trials) == importance_data(trials)


def test_most_important_is_beside_what_chance_gives() -> None:
    data = DpsImportanceData("", ["many values", "few values", "none"], [20.0, 10.0, 0.0], [25.0, 4.0, 0.0], [9] * 3, 9)
    assert most_important(data) == ["few values", "many values", "none"]


@pytest.mark.parametrize("module", [importance, parallel])
def test_optuna_is_imported_only_when_it_is_needed(module: ModuleType) -> None:
    at_once = [
        node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert at_once
    assert not any("optuna" in ast.unparse(node) for node in at_once)
