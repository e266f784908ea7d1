"""Judging a ranking: on held-out candidates alone, which the model never sees."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.judging import STATISTICS, Court
from eproxy_engine.learning.models import MODELS, GaussianProcess, Prediction
from eproxy_engine.learning.models.gaussian_process import Kernel
from eproxy_engine.learning.normal_scores import Floats
from tests.learning.made_up import accuracies_for, candidates

COUNT = 60
EVERY = candidates(COUNT, prior=True)
ACCURACIES = accuracies_for(EVERY)
DRAWS = [np.random.default_rng(seed).permutation(COUNT)[:12] for seed in range(3)]


def court(accuracies: Floats = ACCURACIES, every: Candidates = EVERY) -> Court:
    """Each candidate has a network of its own."""
    return Court(every, accuracies, np.arange(len(every)))


class Watched:
    """A model that remembers all that it predicted, and what it was shown."""

    title = "watched"

    def __init__(self, name: str) -> None:
        self.name, self.shown, self.predicted = name, list[list[float]](), list[bytes]()

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        found = MODELS[self.name].fit(candidates, labelled, accuracies)
        self.shown.append(accuracies.tolist())
        self.predicted.append(found.mean.tobytes() + found.deviation.tobytes())
        return found


@pytest.mark.parametrize("name", MODELS)
def test_no_held_out_accuracy_reaches_the_model(name: str) -> None:
    """Whatever they are, not a bit of the predictions changes; only their judgement does."""
    rng, seen, judged = np.random.default_rng(0), [], []
    for change in ("as they are", "permuted", "others", "unknown"):
        model, found = Watched(name), []
        for draw in DRAWS:
            others, accuracies = np.setdiff1d(np.arange(COUNT), draw), ACCURACIES.copy()
            if change == "permuted":
                accuracies[others] = rng.permutation(accuracies[others])
            elif change == "others":
                accuracies[others] = 1e6 * rng.normal(size=len(others))
            elif change == "unknown":
                accuracies[others[5:]] = math.nan
            found += court(accuracies).judge(model, [draw]).values["rho"]
            court(accuracies).coverage(model, [draw], [0.8])
        assert model.shown == [ACCURACIES[draw].tolist() for draw in DRAWS for _ in range(2)]
        seen.append(model.predicted)
        judged.append(found)
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert len({tuple(each) for each in judged}) == 4


def test_a_ranking_is_judged_on_the_others_whose_accuracy_is_known() -> None:
    accuracies = ACCURACIES.copy()
    accuracies[[2, 30, 31]] = math.nan
    draws = [np.setdiff1d(draw, [2, 30, 31]) for draw in DRAWS]
    found = court(accuracies).judge(MODELS["ridge"], draws, tuple(STATISTICS))
    for place, draw in enumerate(draws):
        others = np.setdiff1d(np.flatnonzero(np.isfinite(accuracies)), draw)
        predicted = MODELS["ridge"].fit(EVERY, draw, accuracies[draw]).mean[others]
        best, expected = accuracies[others].argsort()[::-1], predicted.argsort()[::-1]
        tenth = math.ceil(len(others) / 10)
        assert found.values["rho"][place] == pytest.approx(stats.spearmanr(predicted, accuracies[others]).statistic)
        assert found.values["tau"][place] == pytest.approx(stats.kendalltau(predicted, accuracies[others]).statistic)
        assert found.values["precision10"][place] == pytest.approx(len({*best[:tenth]} & {*expected[:10]}) / 10)
        assert found.values["top10"][place] == pytest.approx(len({*best[:tenth]} & {*expected[:tenth]}) / tenth)
    rhos = found.values["rho"]
    assert found.as_dict()["rho"] == {"mean": pytest.approx(np.mean(rhos)), "sd": pytest.approx(np.std(rhos))}


def test_a_score_is_judged_on_the_same() -> None:
    scores = EVERY.scores[:, 0]
    found = court().judge_score(scores, DRAWS).values["rho"]
    others = [np.setdiff1d(np.arange(COUNT), draw) for draw in DRAWS]
    assert found == pytest.approx([stats.spearmanr(scores[each], ACCURACIES[each]).statistic for each in others])


def test_what_is_undefined_is_none() -> None:
    found = court().judge_score(np.zeros(COUNT), DRAWS)
    assert found.as_dict() == {"rho": {"mean": None, "sd": None}}


def test_intervals_of_a_process_hold_what_it_draws() -> None:
    """Accuracies are drawn from the very model that has to find them; its variances add up to 1, as normal scores'."""
    model, levels = GaussianProcess(kernel=Kernel(0.1, 0.4, 0.1, 0.2), noise=0.2, prior_weight=0.0), (0.5, 0.8, 0.95)
    every, rng = candidates(300), np.random.default_rng(1)
    places = np.arange(len(every))
    root = np.linalg.cholesky(model.kernel.between(every, places, places) + 0.2 * np.eye(len(every)))
    found = [
        court(root @ rng.normal(size=len(every)), every).coverage(model, [rng.permutation(places)[:100]], levels)
        for _ in range(6)
    ]
    assert np.mean(found, axis=0) == pytest.approx(levels, abs=0.08)


def test_a_model_without_deviations_has_no_coverage() -> None:
    assert np.isnan(court().coverage(MODELS["ridge"], DRAWS, [0.5, 0.95])).all()


def test_an_equal_network_of_a_labelled_one_does_not_judge() -> None:
    networks = np.arange(COUNT)
    networks[[40, 41]] = networks[3]
    labelled = np.array([3, 4, 5])
    assert Court(EVERY, ACCURACIES, networks).held_out(labelled).tolist() == [0, 1, 2, *range(6, 40), *range(42, COUNT)]
