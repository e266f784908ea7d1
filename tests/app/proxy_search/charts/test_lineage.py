"""The line of a configuration: its ancestors, what changed at each step, table and drawing."""

import math
import re

import numpy as np
import pytest

from app.proxy_search.charts.lineage import (
    A_ROW,
    MOST_DRAWN,
    configuration_changes,
    lineage_data,
    lineage_dot,
    lineage_table,
)
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.proxy_search.search import UNDEFINED, Trial
from tests.app.proxy_search.charts.made_trials import cut_short, one_branch, trial


def family() -> list[Trial]:
    """The best is a grandchild of the second trial; the third is not of its line."""
    return [
        trial(0.3, one_branch(c_mid=32)),
        trial(0.4, one_branch(c_mid=64)),
        trial(0.5, one_branch(c_mid=128), parent=0),
        trial(0.35, one_branch(c_mid=64, features=("net",)), parent=1),
        trial(0.8, one_branch(c_mid=64, features=("net",), coefficient=2.0), parent=3),
    ]


def chain(length: int) -> list[Trial]:
    widths = (16, 32)
    return [trial(0.1 + i / 100, one_branch(c_mid=widths[i % 2]), parent=i - 1 if i else None) for i in range(length)]


def test_ancestors_of_the_best_back_to_a_random_one() -> None:
    data = lineage_data(family())
    assert [step.place for step in data.steps] == [1, 3, 4]
    assert data.steps[0].changes == ["deepest: wave high × 1, transform 1×1 → 64, barrier 3×3 → 64"]
    assert data.steps[1].changes == ["deepest: features −wave high +net"]
    assert data.steps[2].changes == ["deepest: coefficient 1 → 2"]
    assert data.title == "2 mutations from ρ = 0.40 (trial 2) to ρ = 0.80 (trial 5)"


def test_of_any_trial() -> None:
    assert [step.place for step in lineage_data(family(), 2).steps] == [0, 2]
    assert lineage_data(family(), 0).title == "Trial 1 is one of the random ones, ρ = 0.30"


@pytest.mark.parametrize("place", [-1, 99])
def test_no_such_trial_and_nothing_found_yet(place: int) -> None:
    assert lineage_data(family(), place).steps == []
    for empty in (lineage_data([]), lineage_data([cut_short(0.4)])):
        assert empty.title == "No trial evaluated in full yet"
        assert lineage_table(empty).empty
        assert lineage_dot(empty, dark=False).startswith("digraph")


def test_a_parent_that_comes_later_ends_the_line() -> None:
    trials = [trial(0.3, parent=1), trial(0.5, one_branch(c_mid=16), parent=0)]
    assert [step.place for step in lineage_data(trials).steps] == [0, 1]


def test_table_has_a_row_a_step() -> None:
    trials = [trial(UNDEFINED), cut_short(0.4, one_branch(c_mid=16), 0), trial(0.6, one_branch(c_mid=32), 1)]
    table = lineage_table(lineage_data(trials))
    assert table["trial"].tolist() == [1, 2, 3]
    assert math.isnan(table["ρ"][0])
    assert table["ρ"].tolist()[1:] == [0.4, 0.6]
    assert table["cut short"].tolist() == [False, True, False]
    assert table["changes"].tolist()[1:] == ["deepest: c_mid 64 → 16", "deepest: c_mid 16 → 32"]


def test_values_that_are_not_known_are_said_so() -> None:
    trials = [trial(UNDEFINED), cut_short(0.4, one_branch(c_mid=16), 0)]
    texts = [step.rho_text for step in lineage_data(trials, 1).steps]
    assert texts == ["ρ undefined", "ρ ≤ 0.40"]


def test_branches_come_and_go_as_a_whole() -> None:
    one, other = Branch(), Branch("before_first", ("dot",), c_out=16)
    assert configuration_changes(Configuration((one,)), Configuration((one, other))) == [
        "new branch before 1st: dot × 1, transform 1×1 → 64, barrier 3×3 → 16"
    ]
    assert configuration_changes(Configuration((one, other)), Configuration((other,), flops_weight=-0.5)) == [
        "branch deepest removed",
        "α (FLOPs) 0 → −0.5",
    ]


def test_a_barrier_comes_with_its_parts() -> None:
    with_barrier, without = Configuration(barrier_init="xavier_normal"), Configuration(barrier=False)
    assert configuration_changes(with_barrier, without) == ["barrier on → off"]
    assert configuration_changes(without, with_barrier) == [
        "deepest: barrier kernel – → 3",
        "deepest: c_out – → 64",
        "barrier off → on",
        "barrier init – → Xavier normal",
    ]


@pytest.mark.parametrize("name", list(PROXY_SPACES))
def test_every_mutation_shows_a_change(name: str) -> None:
    space, rng = PROXY_SPACES[name], np.random.default_rng(0)
    configuration = space.sample(rng)
    for _ in range(50):
        child = space.mutate(configuration, rng)
        assert configuration_changes(configuration, child)
        assert configuration_changes(child, child) == []
        configuration = child


def test_drawing_has_a_box_a_step_and_goes_on_in_the_next_row() -> None:
    dot = lineage_dot(lineage_data(chain(A_ROW + 2)), dark=False)
    boxes = re.findall(r'^n(\d+) \[label="trial (\d+)', dot, re.MULTILINE)
    assert boxes == [(str(i), str(i + 1)) for i in range(A_ROW + 2)]
    assert f"n{A_ROW - 1} -> n{A_ROW} [constraint=false];" in dot
    assert f"rank=same; n0 -> n{A_ROW}" in dot
    assert dot.count("peripheries=2") == 1
    assert "(random)" in dot


def test_a_long_line_is_shortened_in_the_drawing_only() -> None:
    data = lineage_data(chain(30))
    dot = lineage_dot(data, dark=True)
    shown = [int(number) for number in re.findall(r'label="trial (\d+)', dot)]
    assert shown == [1, *range(30 - MOST_DRAWN + 2, 31)]
    assert f'label="{30 - MOST_DRAWN} more"' in dot
    assert len(lineage_table(data)) == 30


def test_theme() -> None:
    data = lineage_data(family())
    light, dark = lineage_dot(data, dark=False), lineage_dot(data, dark=True)
    assert light != dark
    assert light.replace("#3B4A54", "#C9D3DA") == dark
    assert "bgcolor=transparent" in light
