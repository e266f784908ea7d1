"""Rank models against textbook computations, and what none of them may depend on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import cdist

from eproxy_engine.learning.candidates import Candidates, candidates_of
from eproxy_engine.learning.models import MODELS, BestSingle, GaussianProcess, MeanOfBest, Ridge
from eproxy_engine.learning.normal_scores import Floats
from tests.learning.made_up import AZ_NAS, accuracies_for, candidates, frames
from tests.properties import examples

each_model = pytest.mark.parametrize("name", MODELS)
NOISE, PRIOR_WEIGHT, PENALTY = 0.3, 0.3, 20.0


def ppf_of_ranks(values: Floats) -> Floats:
    return stats.norm.ppf((stats.rankdata(values) - 0.5) / len(values))


def unit(columns: Floats) -> Floats:
    return (columns - columns.mean(axis=0)) / columns.std(axis=0)


def az_nas(scores: pd.DataFrame) -> Floats:
    """Lee and Ham's sum of log ranks as normal scores of deviation 1."""
    ranks = stats.rankdata(scores[list(AZ_NAS)].to_numpy(), axis=0)
    normal = ppf_of_ranks(np.log(ranks / len(scores)).sum(axis=1))
    return normal / normal.std()


def covariance(scores: pd.DataFrame, descriptors: pd.DataFrame) -> Floats:
    """0.15 ZZᵀ/p + 0.85 exp(−‖zᵢ − zⱼ‖² / 2p) + ¼ EEᵀ/q + ¼ exp(−‖eᵢ − eⱼ‖² / 2q), of all pairs."""
    z = unit(np.stack([ppf_of_ranks(scores[name].to_numpy()) for name in scores], axis=1))
    e = unit(descriptors.to_numpy())
    p, q = z.shape[1], e.shape[1]
    return (
        0.15 * z @ z.T / p
        + 0.85 * np.exp(-cdist(z, z, "sqeuclidean") / (2 * p))
        + 0.25 * e @ e.T / q
        + 0.25 * np.exp(-cdist(e, e, "sqeuclidean") / (2 * q))
    )


@pytest.mark.parametrize("prior", [True, False])
def test_the_gaussian_process_is_that_of_the_textbook(prior: bool) -> None:
    scores, descriptors = frames(40, seed=3, scores=6)
    every = candidates_of(scores, descriptors, AZ_NAS if prior else ())
    accuracies, labelled = accuracies_for(every), np.array([7, 0, 21, 33, 12, 39, 5, 18])
    mean = PRIOR_WEIGHT * az_nas(scores) if prior else np.zeros(40)
    residuals = ppf_of_ranks(accuracies[labelled]) - mean[labelled]
    k = covariance(scores, descriptors)
    precision = np.linalg.inv(k[np.ix_(labelled, labelled)] + NOISE * np.eye(8))
    gain, centred = k[:, labelled] @ precision, residuals - residuals.mean()
    expected = mean + residuals.mean() + gain @ (residuals - residuals.mean())
    variance = (np.diag(k - gain @ k[labelled]) + NOISE) * (centred @ precision @ centred) / 8  # of the likeliest scale

    found = GaussianProcess().fit(every, labelled, accuracies[labelled])
    assert found.mean == pytest.approx(expected, abs=1e-10)
    assert found.deviation == pytest.approx(np.sqrt(variance), abs=1e-10)


@pytest.mark.parametrize("missing", ["scores", "descriptors"])
def test_the_gaussian_process_does_with_scores_or_descriptors_alone(missing: str) -> None:
    scores, descriptors = frames(30)
    parts = (scores.iloc[:, :0], descriptors) if missing == "scores" else (scores, descriptors.iloc[:, :0])
    every, labelled = candidates_of(*parts), np.arange(6)
    found = GaussianProcess().fit(every, labelled, np.arange(6.0))
    assert np.isfinite([found.mean, found.deviation]).all()
    assert stats.spearmanr(found.mean[labelled], np.arange(6)).statistic > 0.5


def test_without_noise_the_gaussian_process_goes_through_its_labels() -> None:
    every, labelled = candidates(50), np.arange(3, 23, 2)
    accuracies = accuracies_for(every, seed=4)[labelled]
    found = GaussianProcess(noise=1e-10).fit(every, labelled, accuracies)
    assert found.mean[labelled] == pytest.approx(ppf_of_ranks(accuracies), abs=1e-6)
    assert found.deviation[labelled] == pytest.approx(np.zeros(len(labelled)), abs=1e-4)
    others = np.setdiff1d(np.arange(50), labelled)
    assert (found.deviation[others] > 0.05).all()


def test_the_gaussian_process_is_surer_of_what_is_labelled() -> None:
    every = candidates(60, prior=True)
    accuracies = accuracies_for(every)
    few, more = (GaussianProcess().fit(every, np.arange(count), accuracies[:count]).deviation for count in (5, 15))
    assert (more <= few + 1e-12).all()
    assert (more[5:15] < few[5:15] - 0.01).all()
    assert more[:15].max() < more[15:].mean()


def test_ridge_is_the_solution_of_the_normal_equations() -> None:
    every, labelled = candidates(40, seed=2, prior=True), np.arange(4, 24)
    accuracies = accuracies_for(every)[labelled]
    x, mean = every.scores[labelled], PRIOR_WEIGHT * every.prior
    residuals = ppf_of_ranks(accuracies) - mean[labelled]
    centred = residuals - residuals.mean()
    weights = np.linalg.solve(x.T @ x + PENALTY * np.eye(x.shape[1]), x.T @ centred)
    found = Ridge().fit(every, labelled, accuracies)
    assert found.mean == pytest.approx(mean + residuals.mean() + every.scores @ weights, abs=1e-10)
    assert np.isnan(found.deviation).all()


def test_the_best_single_score_is_turned_round_if_less_is_better() -> None:
    rng = np.random.default_rng(0)
    accuracies = rng.permutation(30).astype(float)
    scores = pd.DataFrame({"blind": rng.normal(size=30), "size": -(accuracies**3), "weak": rng.normal(size=30)})
    found = BestSingle().fit(candidates_of(scores, pd.DataFrame(index=scores.index)), np.arange(10), accuracies[:10])
    assert found.mean.argsort().tolist() == accuracies.argsort().tolist()


def test_the_best_scores_are_averaged_each_with_its_sign() -> None:
    every, labelled = candidates(40, seed=5), np.arange(12)
    accuracies = accuracies_for(every)[labelled]
    normal = ppf_of_ranks(accuracies)
    found = np.array([stats.pearsonr(column, normal).statistic for column in every.scores[labelled].T])
    best = np.abs(found).argsort()[::-1][:4]
    expected = np.mean([every.scores[:, place] * np.sign(found[place]) for place in best], axis=0)
    assert MeanOfBest().fit(every, labelled, accuracies).mean == pytest.approx(expected, abs=1e-12)


def test_the_prior_sees_no_accuracy() -> None:
    every = replace(candidates(30), taught=np.linspace(-1, 1, 30))
    found = [MODELS["prior"].fit(every, np.arange(3), labels).mean.tolist() for labels in (np.arange(3.0), -np.ones(3))]
    assert found[0] == found[1]
    assert MODELS["prior"].fit(every, np.array([], dtype=np.intp), np.array([])).mean.tolist() == found[0]
    assert np.ptp(found[0]) > 0


@each_model
@examples(0.6)
@given(seed=st.integers(0, 2**31), labels=st.integers(4, 20), stretch=st.integers(1, 5), shift=st.integers(-9, 9))
def test_only_orders_count(name: str, seed: int, labels: int, stretch: int, shift: int) -> None:
    """Whatever increases strictly changes no bit: of a score, and of the accuracies."""
    rng = np.random.default_rng(seed)
    scores = pd.DataFrame(rng.integers(-30, 30, (40, 5)).astype(float), columns=[*AZ_NAS, "other"])
    descriptors, accuracies = frames(40, seed)[1], rng.integers(0, 50, labels).astype(float)

    def stretched(values: Floats) -> Floats:
        return stretch * values**3 + values + shift

    column = scores.columns[int(rng.integers(5))]
    changed = scores.assign(**{column: stretched(scores[column].to_numpy())})
    labelled = rng.permutation(40)[:labels]
    one = MODELS[name].fit(candidates_of(scores, descriptors, AZ_NAS), labelled, accuracies)
    other = MODELS[name].fit(candidates_of(changed, descriptors, AZ_NAS), labelled, stretched(accuracies))
    assert one.mean.tolist() == other.mean.tolist()
    assert np.array_equal(one.deviation, other.deviation, equal_nan=True)


@each_model
@examples(0.4)
@given(seed=st.integers(0, 2**31))
def test_candidates_have_no_order(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, descriptors = frames(35, seed)
    every = candidates_of(scores, descriptors, AZ_NAS)
    accuracies, labelled, order = accuracies_for(every, seed), rng.permutation(35)[:14], rng.permutation(35)
    shuffled = candidates_of(
        scores.iloc[order].reset_index(drop=True), descriptors.iloc[order].reset_index(drop=True), AZ_NAS
    )
    places = rng.permutation(np.argsort(order)[labelled])
    found = MODELS[name].fit(every, labelled, accuracies[labelled])
    again = MODELS[name].fit(shuffled, places, accuracies[order][places])
    assert again.mean == pytest.approx(found.mean[order], abs=1e-9)
    assert again.deviation == pytest.approx(found.deviation[order], abs=1e-9, nan_ok=True)


@each_model
def test_a_model_is_deterministic_and_takes_labels_that_are_all_equal(name: str) -> None:
    every, labelled = candidates(30, prior=True), np.arange(5)
    found = [MODELS[name].fit(every, labelled, accuracies_for(every)[labelled]) for _ in range(2)]
    assert found[0].mean.tobytes() == found[1].mean.tobytes()
    assert found[0].deviation.tobytes() == found[1].deviation.tobytes()
    assert np.isfinite(MODELS[name].fit(every, labelled, np.full(5, 90.0)).mean).all()


def test_a_model_of_15625_candidates_takes_no_more_memory_than_candidates_times_labels() -> None:
    """And seconds at most: nothing compares all candidates with all."""
    every = candidates(15_625)
    labelled = np.arange(0, 15_625, 800)
    accuracies = accuracies_for(every)
    for model in MODELS.values():
        assert model.fit(every, labelled, accuracies[labelled]).mean.shape == (15_625,)


def test_a_score_can_be_left_out() -> None:
    every: Candidates = candidates(20)
    part = every.without("flops")
    assert part.score_names == tuple(name for name in every.score_names if name != "flops")
    assert part.scores.tolist() == np.delete(every.scores, every.score_names.index("flops"), axis=1).tolist()
    assert replace(part, descriptors=every.descriptors[:, :0]).descriptors.shape == (20, 0)
