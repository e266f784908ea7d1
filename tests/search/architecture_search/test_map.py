"""Architectures as points of a plane: the principal components of what their texts are made of."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine import spaces
from eproxy_engine.search.architecture_search.map import mapped, tokens


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("|avg_pool_3x3~0|+|none~0|nor_conv_1x1~1|+|none~0|none~1|none~2|", 12),
        ("1110001101:maxpool3x3,conv1x1,conv1x1", 10 + 3),
        ("64-41414-3_22_110", 1 + 5 + 8),
        ("d2w256b0.5g1|d8w128b1g1", 2),
    ],
)
def test_tokens_are_operations_and_the_digits_of_codes(text: str, count: int) -> None:
    found = list(tokens(text))
    assert len(found) == count
    assert len({token[:2] for token in found}) == count


@pytest.mark.parametrize("space", ["nasbench101", "nasbench201", "transnas101-micro", "darts"])
def test_places_are_the_principal_components(space: str) -> None:
    family, rng = spaces.get(space), np.random.default_rng(0)
    texts = [str(family.sample(rng)) for _ in range(30)]
    names = sorted({token for text in texts for token in tokens(text)})
    hot = np.array([[name in set(tokens(text)) for name in names] for text in texts], dtype=float)
    left, values, _ = np.linalg.svd(hot - hot.mean(axis=0), full_matrices=False)
    found = mapped(texts)
    np.testing.assert_allclose(np.abs(found.places), np.abs(left[:, :2] * values[:2]), atol=1e-9)
    np.testing.assert_allclose(found.explained, values[:2] ** 2 / (values**2).sum())


def test_equal_texts_are_at_equal_places_and_order_does_not_matter() -> None:
    texts = ["a,b", "a,c", "d,c", "a,b", "d,e"]
    places = mapped(texts).places
    np.testing.assert_allclose(places[0], places[3])
    np.testing.assert_allclose(mapped(texts[::-1]).places[::-1], places, atol=1e-9)


@pytest.mark.parametrize("texts", [["a"], ["a,b", "a,b"]])
def test_without_any_difference_all_is_at_the_origin(texts: list[str]) -> None:
    found = mapped(texts)
    assert found.places.tolist() == [[0.0, 0.0]] * len(texts)
    assert found.explained == (0.0, 0.0)


def test_two_architectures_lie_on_a_line() -> None:
    found = mapped(["a,b", "a,c"])
    assert found.explained == pytest.approx((1.0, 0.0))
    assert found.places[:, 0] == pytest.approx(-found.places[::-1, 0])
