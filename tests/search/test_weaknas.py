"""WeakNAS: its predictor, what it draws from, and that it finds the best of a made-up table early."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from eproxy_engine.search.strategies import perceptron, weaknas
from eproxy_engine.search.strategies.decisions import one_hot
from tests.search.made_up import POINTS, Words, fitness_of, queries_to_best

MODULE = sys.modules["eproxy_engine.search.strategies.weaknas"]
EVERY = one_hot(POINTS)
FITNESS = np.array([fitness_of(word) for word in POINTS])


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptron, "WIDTH", 40)


def test_it_finds_the_best_far_sooner_than_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "TOP", 30)
    assert queries_to_best(lambda seed: weaknas(Words(), seed), 3) < (len(POINTS) + 1) / 2 / 5


# --- what is drawn ---


def drawn(free: list[int], count: int, seed: int) -> list[int]:
    """From 20 points, the later the better by prediction, the best five of which count."""
    found: list[int] = MODULE.drawn(np.arange(20.0), np.array(free), count, np.random.default_rng(seed)).tolist()
    return found


def test_new_points_are_drawn_from_the_best_by_prediction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "TOP", 5)
    found = [drawn([0, 1, 14, 15, 17, 19], 2, seed) for seed in range(30)]
    assert {tuple(sorted(places)) for places in found} == {(15, 17), (15, 19), (17, 19)}


def test_the_best_new_ones_are_taken_where_too_few_of_the_best_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "TOP", 5)
    assert drawn([0, 1, 14, 17, 19], 3, seed=1) == [19, 17, 14]
    assert drawn([3, 1], 3, seed=1) == [3, 1]


# --- the predictor ---


def ranked_alike(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation."""
    return float(np.corrcoef(first.argsort().argsort(), second.argsort().argsort())[0, 1])


def test_the_predictor_generalises() -> None:
    places = np.random.default_rng(1).choice(len(POINTS), 100, replace=False)
    predicted = perceptron.predict(EVERY, places.tolist(), FITNESS[places], 1)
    assert predicted.shape == (len(POINTS),)
    assert ranked_alike(np.delete(predicted, places), np.delete(FITNESS, places)) > 0.8
    assert abs(predicted[places].mean()) < 0.2
    assert abs(predicted[places].std() - 1) < 0.2


def test_the_predictor_depends_on_its_seed_alone() -> None:
    def predicted(seed: int) -> list[float]:
        found: list[float] = perceptron.predict(EVERY, range(20), FITNESS[:20], seed).tolist()
        return found

    torch.manual_seed(3)
    state = torch.get_rng_state()
    first = predicted(1)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(4)
    assert predicted(1) == first
    assert predicted(2) != first


def test_more_points_than_fit_in_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptron, "ROWS", 16)
    monkeypatch.setattr(perceptron, "EPOCHS", 20)
    predicted = perceptron.predict(EVERY, range(0, 729, 7), FITNESS[::7], 1)
    assert ranked_alike(predicted, FITNESS) > 0.8
