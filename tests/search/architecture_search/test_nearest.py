"""The measured architectures nearest to another one."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.learning.normal_scores import Floats, standardised
from eproxy_engine.search.architecture_search.nearest import Measured, measured

RNG = np.random.default_rng


def table(space: str, task: str) -> Measured:
    return measured(space, tuple(benchmarks.known(space, task)["architecture"]))


def distances(space: str, texts: list[str]) -> Floats:
    """Of the first to each, in another way: all standardised together."""
    family = spaces.get(space)
    rows = [list(family.descriptors(family.equivalent(family.parse(text))).values()) for text in texts]
    scaled = standardised(np.array(rows))
    return np.linalg.norm(scaled - scaled[0], axis=1)


@pytest.mark.parametrize(
    ("space", "task"), [("nasbench101", "imagenet"), ("nasbench-mr", "cls-a"), ("nds-imagenet-darts", "imagenet")]
)
def test_the_nearest_have_the_most_similar_descriptors(space: str, task: str) -> None:
    every = table(space, task)
    parent = spaces.get(space).parse(every.texts[40])
    around = list(every.around(parent, RNG(1)))
    assert sorted([every.texts[40], *around]) == sorted(every.texts)
    assert (np.diff(distances(space, [every.texts[40], *around])) > -0.01).all()


def test_the_nearest_to_a_measured_one_is_itself_unless_it_is_the_parent() -> None:
    every = table("nasbench101", "imagenet")
    family = spaces.get("nasbench101")
    one, other = family.parse(every.texts[3]), family.parse(every.texts[7])
    assert every.nearest(one, other, RNG(1)) == str(one)
    assert every.nearest(one, one, RNG(1)) != str(one)


def test_equally_near_ones_are_drawn() -> None:
    """Both differ from the parent in one operation on edges of equal place."""
    parent = "|none~0|+|nor_conv_1x1~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
    others = [
        "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|",
        "|none~0|+|nor_conv_3x3~0|none~1|+|nor_conv_1x1~0|none~1|none~2|",
    ]
    few = Measured("nasbench201", (parent, *others))
    start = spaces.get("nasbench201").parse(parent)
    assert {few.nearest(start, start, RNG(seed)) for seed in range(20)} == set(others)
    assert {tuple(few.around(start, RNG(seed))) for seed in range(20)} == {tuple(others), tuple(others[::-1])}


def test_distances_are_whole_numbers_so_that_their_sum_has_no_order() -> None:
    every = table("nasbench101", "imagenet")
    parent = spaces.get("nasbench101").parse(every.texts[40])
    found = every._distances(parent)
    assert (2 * found == np.round(2 * found)).all()
    turned = Measured("nasbench101", every.texts[::-1])
    np.testing.assert_array_equal(turned._distances(parent)[::-1], found)
