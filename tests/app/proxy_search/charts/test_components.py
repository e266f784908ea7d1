"""Names and values of components, what is active, and what sets the best fifth apart."""

import pytest

from app.charts import dot
from app.proxy_search.charts import components
from app.proxy_search.charts.components import (
    active,
    best_fifth,
    component_title,
    configuration_lines,
    most_telling,
    value_order,
    value_text,
    varying,
)
from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.proxy.choices import FEATURES, INITIALISATIONS, STAGES
from eproxy_engine.search.proxy_search.proxy_space import components as searched
from tests.app.proxy_search.charts.made_trials import SPACE, cut_short, one_branch, random_trials, trial


def test_every_component_of_the_search_space_has_a_place_and_a_short_name() -> None:
    everything = Configuration(tuple(Branch(stage) for stage in STAGES))
    assert sorted(components.ORDER) == sorted(searched(everything))
    titles = [component_title(name) for name in components.ORDER]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 28
    assert not any("_" in title.replace("c_mid", "").replace("c_out", "") for title in titles)


def test_every_value_has_a_text() -> None:
    for feature in FEATURES:
        assert "_" not in value_text((feature,))
    assert len({value_text(name) for name in INITIALISATIONS}) == len(INITIALISATIONS)
    assert (value_text(True), value_text(0.0), value_text(-0.0), value_text(64)) == ("on", "0", "0", "64")


def test_what_has_no_effect_is_not_active() -> None:
    with_barrier, without = active(Configuration()), active(Configuration(barrier=False))
    assert set(with_barrier) - set(without) == {"deepest.barrier_kernel", "deepest.c_out", "barrier_init"}
    assert "before_first.c_mid" not in with_barrier


def test_a_branch_that_comes_and_goes_varies() -> None:
    two = Configuration((Branch(), Branch("before_first")))
    names = varying([active(Configuration()), active(two)])
    assert names[0] == "branches"
    assert set(names[1:]) == {name for name in active(two) if name.startswith("before_first.")}
    assert varying([active(two), active(two)]) == []


def test_the_lines_name_a_read_out_that_is_not_the_last() -> None:
    assert configuration_lines(Configuration(read_out=3))[-1] == (
        "learning rate 1, α 0, read at iteration 3, network default, barrier default"
    )
    assert "read" not in "".join(configuration_lines(Configuration()))


def test_values_are_put_in_order() -> None:
    ordered = [None, ("net",), ("dot",), ("net", "wave_low"), ("wave_high", "dot")]
    backwards = ordered[::-1]
    assert sorted(backwards, key=value_order) == ordered
    assert sorted([512, 16, None, 64], key=value_order) == [None, 16, 64, 512]
    assert sorted(["last", 9, 1], key=value_order) == [1, 9, "last"]


def test_the_best_fifth_is_of_all_but_among_those_evaluated_in_full() -> None:
    trials = [trial(0.1), trial(0.5), cut_short(0.9), trial(0.5), *[trial(0.0)] * 6]
    assert best_fifth(trials) == [1, 3]
    assert best_fifth([cut_short(0.9)] * 5) == []
    assert best_fifth([]) == []


def test_the_most_telling_value() -> None:
    trials = [trial(0.9 - i / 100, one_branch(c_mid=512 if i < 4 else 16)) for i in range(20)]
    tried = [active(t.configuration) for t in trials]
    telling = most_telling(tried, best_fifth(trials), ["deepest.c_mid", "learning_rate"])
    assert telling == ("deepest.c_mid", 512, 1.0, 0.2)
    assert most_telling(tried, best_fifth(trials), ["learning_rate"]) is None


@pytest.mark.parametrize("seed", range(3))
def test_no_line_of_a_configuration_is_longer_than_a_hover_box(seed: int) -> None:
    for made in random_trials(20, lambda *_: 0.0, seed):
        lines = components.configuration_lines(made.configuration)
        assert len(lines) == len(made.configuration.branches) + 1
        assert max(map(len, lines)) <= 110
    assert SPACE.size > 1


def test_labels_of_drawings_cannot_break_out() -> None:
    assert dot.label('"]; evil [label="x', "a\nb\\") == '"\\"]; evil [label=\\"x\\na b\\\\"'
    assert dot.label("&lt;", "b", left=True) == '"&amp;lt;\\lb\\l"'
