"""The Gaussian process that grows by a label at a time is the one that is fitted at once."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine.learning.models import GaussianProcess
from eproxy_engine.learning.models.growing import GrowingProcess
from tests.learning.made_up import accuracies_for, candidates

LABELLED = [7, 0, 21, 33, 12, 39, 5]


def grown(prior: bool = False) -> tuple[GrowingProcess, list[float]]:
    every = candidates(40, prior=prior)
    process = GrowingProcess(every)
    for place in LABELLED:
        process.label(place)
    return process, accuracies_for(every)[LABELLED].tolist()


@pytest.mark.parametrize("prior", [True, False])
def test_label_by_label_it_says_what_a_fit_says(prior: bool) -> None:
    process, accuracies = grown(prior)
    found = process.predict(accuracies)
    expected = GaussianProcess().fit(process.candidates, np.array(LABELLED), np.array(accuracies))
    assert found.mean == pytest.approx(expected.mean, abs=1e-10)
    assert found.deviation == pytest.approx(expected.deviation, abs=1e-10)


def test_draws_have_the_mean_and_the_deviation_of_the_prediction() -> None:
    """Without the noise of a measurement, and up to the waves' approximation of the kernel."""
    process, accuracies = grown()
    prediction = process.predict(accuracies)
    draws = np.array([process.draw(accuracies, np.random.default_rng(seed)) for seed in range(600)])
    _, _, scale = process._residuals(accuracies)
    deviation = np.sqrt(prediction.deviation**2 - scale * process.model.noise)
    assert np.abs(draws.mean(axis=0) - prediction.mean).max() < 5 * deviation.max() / np.sqrt(len(draws))
    assert draws.std(axis=0) == pytest.approx(deviation, rel=0.15)


def test_equal_accuracies_say_nothing() -> None:
    process, accuracies = grown()
    prediction = process.predict([1.0] * len(accuracies))
    assert prediction.mean == pytest.approx(np.zeros(40))
    assert prediction.deviation == pytest.approx(np.zeros(40))


def test_labels_without_accuracies_leave_the_means_and_take_from_the_deviations_what_they_would() -> None:
    """Labels at their predicted means change nothing but the deviations, whatever the scale."""
    process, accuracies = grown()
    before = process.predict(accuracies)
    believing = process.forked()
    for place in (3, 14):
        believing.label(place)
    after = believing.predict(accuracies)
    assert after.mean == pytest.approx(before.mean, abs=1e-10)
    every = [*LABELLED, 3, 14]
    fitted = GaussianProcess().fit(process.candidates, np.array(every), np.arange(9.0))
    assert after.deviation / after.deviation[20] == pytest.approx(fitted.deviation / fitted.deviation[20])
    assert (after.deviation < before.deviation).all()
    assert process.predict(accuracies).deviation == pytest.approx(before.deviation, abs=1e-12)
