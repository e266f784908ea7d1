"""The correlation matrix against the pairwise statistic, with diverged and constant proxies."""

import math

import numpy as np
import pytest
from scipy import stats

from eproxy_engine.statistics import correlation_matrix, spearman


def test_equals_scipy_for_every_pair() -> None:
    scores = np.round(np.random.default_rng(0).normal(size=(5, 40)), 1)
    matrix = correlation_matrix(scores)
    np.testing.assert_allclose(matrix, stats.spearmanr(scores, axis=1).statistic, atol=1e-12)
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(np.diag(matrix), 1)


def test_diverged_scores_rank_last_for_each_proxy_by_itself() -> None:
    first, second = np.array([[3.0, math.nan, 1, 2, math.inf, 5], [1.0, 2, -math.inf, 4, 3, 7]])
    expected = spearman(np.array([3.0, -9, 1, 2, -9, 5]), np.array([1.0, 2, -9, 4, 3, 7]))
    assert correlation_matrix([first, second])[0, 1] == pytest.approx(expected)


def test_a_constant_proxy_is_undefined_with_all() -> None:
    matrix = correlation_matrix([[1, 2, 3], [4, 4, 4], [3, 2, 1]])
    assert np.isnan(matrix[1]).all()
    assert np.isnan(matrix[:, 1]).all()
    assert matrix[0, 2] == -1


def test_shapes() -> None:
    assert correlation_matrix(np.zeros((0, 5))).shape == (0, 0)
    assert np.isnan(correlation_matrix(np.zeros((3, 1)))).all()
    with pytest.raises(ValueError, match=r"2-D, with one row per proxy, but got shape \(3,\)"):
        correlation_matrix([1, 2, 3])
