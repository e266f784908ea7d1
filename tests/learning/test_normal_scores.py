"""Normal scores and standardised columns, against values worked out by hand and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eproxy_engine.learning.normal_scores import normal_scores, standardised
from tests.properties import examples

NUMBERS = st.one_of(st.integers(-3, 3).map(float), st.just(-math.inf), st.floats(allow_nan=False, width=32))


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ([10, 30, 20, 20], [1 / 8, 7 / 8, 4 / 8, 4 / 8]),
        ([math.nan, 1, -math.inf, 2], [2 / 8, 5 / 8, 2 / 8, 7 / 8]),
        ([-1e300, -math.inf, 5, math.nan, math.inf], [5 / 10, 2 / 10, 7 / 10, 2 / 10, 9 / 10]),
        ([7, 7, 7], [1 / 2] * 3),
        ([3], [1 / 2]),
    ],
)
def test_ranks_by_hand(values: list[float], shares: list[float]) -> None:
    assert normal_scores(values) == pytest.approx(stats.norm.ppf(shares))


@examples(2)
@given(values=st.lists(NUMBERS, min_size=1, max_size=30))
def test_ranks_as_scipy_gives_them(values: list[float]) -> None:
    expected = stats.norm.ppf((stats.rankdata(values) - 0.5) / len(values))
    assert normal_scores(values) == pytest.approx(expected, abs=1e-12)
    assert np.isfinite(normal_scores(values)).all()


def test_standardised_columns_have_mean_0_and_deviation_1_and_constant_ones_are_dropped() -> None:
    varying = np.array([1.0, 2.0, 6.0])
    columns = np.stack([varying, [5.0] * 3, [0.0] * 3, -100 * varying + 1e4, [0.3, 0.1 + 0.2, 0.3]], axis=1)
    found = standardised(columns)
    expected = np.array([-2.0, -1.0, 3.0]) / math.sqrt(14 / 3)
    assert found == pytest.approx(np.stack([expected, -expected], axis=1))


def test_nothing_that_varies_leaves_no_column() -> None:
    assert standardised(np.ones((4, 3))).shape == (4, 0)
    assert standardised(np.ones((4, 0))).shape == (4, 0)
