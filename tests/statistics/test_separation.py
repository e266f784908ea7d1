"""How well a number tells two groups apart, against SciPy and by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from eproxy_engine.statistics import separation


def test_perfect_separation() -> None:
    found = separation(np.array([4.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    assert found["auc"] == 1.0
    assert found["p"] == pytest.approx(0.1)  # 2 of the 20 orders are as extreme
    assert (found["good"], found["bad"], found["good_sd"], found["bad_sd"]) == (5.0, 2.0, 1.0, 1.0)
    assert (found["n_good"], found["n_bad"]) == (3, 3)


def test_as_scipy() -> None:
    rng = np.random.default_rng(1)
    good, bad = rng.normal(0.5, 1, 7), rng.normal(0, 1, 5)
    found = separation(good, bad)
    higher = np.mean([[one > other for other in bad] for one in good])
    assert found["auc"] == pytest.approx(higher)
    assert found["p"] == pytest.approx(stats.mannwhitneyu(good, bad).pvalue)


def test_ties_say_nothing() -> None:
    assert separation(np.ones(3), np.ones(3))["auc"] == 0.5


def test_too_few() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert separation(np.array([]), np.array([1.0])) == {
            "good": None,
            "good_sd": None,
            "bad": 1.0,
            "bad_sd": None,
            "auc": None,
            "p": None,
            "n_good": 0,
            "n_bad": 1,
        }
