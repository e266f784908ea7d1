"""The choices that make up an architecture, of each family by hand, and that no two architectures share them."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine import spaces
from eproxy_engine.search.strategies.decisions import one_hot, points

BY_HAND = {
    "nasbench101": (
        "110101:conv3x3,maxpool3x3",
        "conv3x3 1 maxpool3x3 1 1 absent 0 0 0 absent 0 0 0 0 absent 0 0 0 0 0 0 0 1 0 0 0",
    ),
    "nasbench201": (
        "|none~0|+|avg_pool_3x3~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|",
        "none avg_pool_3x3 none skip_connect none nor_conv_1x1",
    ),
    "transnas101-macro": ("64-342112-basic", "3 4 2 1 1 2"),
    "nds-cifar10-resnet": ("d16w96|d6w40|d3w16", "16 96 None None 6 40 None None 3 16 None None"),
    "nds-cifar10-resnext-a": ("d1w16b0.5g4|d1w16b1g1|d2w32b0.25g2", "1 16 0.5 4 1 16 1.0 1 2 32 0.25 2"),
}


@pytest.mark.parametrize("space", BY_HAND)
def test_by_hand(space: str) -> None:
    text, expected = BY_HAND[space]
    family = spaces.get(space)
    assert family.decisions(family.parse(text)) == tuple(expected.split())


def test_a_family_that_does_not_know_its_choices_takes_them_from_the_text() -> None:
    family = spaces.get("transnas101-macro")
    found = spaces.SearchSpace.decisions(family, family.parse("64-342112-basic"))
    assert found == ("64", "-", "342112", "-", "basic")


@pytest.mark.parametrize("space", spaces.names())
def test_different_architectures_make_different_choices(space: str) -> None:
    family, rng = spaces.get(space), np.random.default_rng(1)
    drawn = {family.sample(rng) for _ in range(40)}
    drawn |= {family.mutate(architecture, rng) for architecture in list(drawn)}
    assert len({family.decisions(architecture) for architecture in drawn}) == len(drawn) > 20


def test_one_hot_of_choices_of_different_number() -> None:
    assert one_hot([("a", "x"), ("a",), ("a", "y")]).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert one_hot([("a",), ("a",)]).shape == (2, 0)


class Endless:
    """Numbers that cannot be listed."""

    def listed(self) -> None:
        return None

    def sample(self, rng: np.random.Generator) -> int:
        return int(rng.integers(50))

    def mutate(self, value: int, rng: np.random.Generator) -> int:
        return value + 1

    def decisions(self, value: int) -> tuple[str, ...]:
        return (str(value),)


def test_points_of_a_domain_that_cannot_be_listed_are_drawn_once_each() -> None:
    assert sorted(points(Endless(), np.random.default_rng(1))) == list(range(50))
