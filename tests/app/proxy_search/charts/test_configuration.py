"""The diagram of a configuration: a row a branch, what is frozen, formula and caption, both themes."""

import re
from dataclasses import replace

import numpy as np
import pytest

from app.charts.palette import BARRIER
from app.proxy_search.charts.configuration import configuration_dot
from eproxy_engine.proxy import Branch, Configuration
from tests.app.proxy_search.charts.made_trials import SPACE

THREE = Configuration(
    (Branch(), Branch("before_second", ("net", "dot"), 1.5, 7, 1, 512, 16), Branch("before_first")),
    learning_rate=0.7,
    flops_weight=-0.3,
    network_init="kaiming_normal",
    barrier_init="xavier_uniform",
)


def box(dot: str, name: str) -> str:
    found = re.search(rf"^{name} \[(.*)\];$", dot, re.MULTILINE)
    assert found, f"no {name} in {dot}"
    return found[1]


def test_a_row_a_branch_from_its_stage_to_the_score() -> None:
    dot = configuration_dot(THREE, dark=False)
    for stage in ("deepest", "before_second", "before_first"):
        for way in (
            f"network:{stage} -> transform_{stage}",
            f"transform_{stage} -> barrier_{stage}",
            f"barrier_{stage} -> loss_{stage}",
            f"target_{stage} -> loss_{stage}",
            f"loss_{stage} -> score",
        ):
            assert dot.count(way) == 1
    assert box(dot, "transform_before_second").startswith('label="transform layer\\n7×7, 512 channels"')
    assert box(dot, "barrier_before_second").startswith('label="barrier layer\\n1×1, 16 channels\\nrandom, frozen"')
    assert box(dot, "target_before_second").startswith('label="target\\nnet + dot × 1.5\\n16 channels"')
    assert 'label="resized\\nto 8×8"' in dot


def test_branches_that_are_not_there_are_not_drawn() -> None:
    dot = configuration_dot(Configuration(), dark=False)
    assert "transform_deepest" in dot
    assert "transform_before" not in dot
    assert "<before_first>" in dot  # the stage itself is there


def test_frozen_is_dashed_and_absent_without_a_barrier() -> None:
    assert "dashed" in box(configuration_dot(Configuration(), dark=False), "barrier_deepest")
    without = configuration_dot(Configuration((Branch(c_mid=512, c_out=16),), barrier=False), dark=False)
    assert "barrier" not in without
    assert BARRIER not in without
    assert "transform_deepest -> loss_deepest" in without
    assert "512 channels" in box(without, "target_deepest")


@pytest.mark.parametrize(
    ("configuration", "score"),
    [
        (Configuration(), "score\\n− loss"),
        (Configuration(flops_weight=0.2), "score\\n− loss\\n× (1 + 0.2 · norm(FLOPs))"),
        (Configuration(read_out=3), "score\\n− loss\\nat iteration 3"),
        (
            Configuration(flops_weight=-0.5, flops_norm="measured"),
            "score\\n− loss\\n× (1 − 0.5 · measured norm(FLOPs))",
        ),
        (THREE, "score\\n− sum of the losses\\n× (1 − 0.3 · norm(FLOPs))"),
    ],
)
def test_how_the_score_comes_about(configuration: Configuration, score: str) -> None:
    assert f'"{score}"' in box(configuration_dot(configuration, dark=False), "score")


def test_halving_weights_are_at_the_losses() -> None:
    dot = configuration_dot(replace(THREE, branch_weights="halving"), dark=False)
    labels = [box(dot, f"loss_{stage}") for stage in ("deepest", "before_second", "before_first")]
    assert [label.split("weight ")[1] for label in labels] == ['1"', '1/2"', '1/4"']
    assert "weight 1" not in configuration_dot(THREE, dark=False)


def test_caption_has_what_the_diagram_has_no_place_for() -> None:
    dot = configuration_dot(THREE, dark=False)
    assert (
        "learning rate 0.7, FLOPs weight α −0.3, initial weights Kaiming normal, of the barrier Xavier uniform" in dot
    )
    assert "10 iterations, momentum 0.9, weight decay 1e-05" in dot
    assert "of the barrier" not in configuration_dot(Configuration(barrier=False), dark=False)


def test_theme_changes_ink_only() -> None:
    light, dark = configuration_dot(THREE, dark=False), configuration_dot(THREE, dark=True)
    assert light != dark
    assert light.replace("#3B4A54", "#C9D3DA") == dark


@pytest.mark.parametrize("width", ["small", 96])
def test_width_and_order_of_branches(width: int | str) -> None:
    backwards = Configuration(tuple(reversed(THREE.branches)), width=width)
    dot = configuration_dot(backwards, dark=False)
    assert ("96 channels|" if width == 96 else "small width|") in dot
    assert dot.index("transform_before_first") < dot.index("transform_deepest")


def test_every_configuration_of_the_space_is_well_formed() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        dot = configuration_dot(SPACE.sample(rng), dark=False)
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", dot)
        assert '"' not in bare
        assert bare.count("{") == bare.count("}")
        assert bare.count("[") == bare.count("]")
        drawn = [line for text in re.findall(r'label="([^"]*)"', dot) for line in text.split("\\n")]
        assert max(len(line) for line in drawn if "\\l" not in line and "|" not in line) <= 28
