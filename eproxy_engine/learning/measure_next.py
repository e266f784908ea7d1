"""Which architectures to measure next, once some are."""

from __future__ import annotations

import numpy as np
import scipy

from eproxy_engine.errors import check_named
from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.choosing_labels import facility_location
from eproxy_engine.learning.models import Prediction
from eproxy_engine.learning.normal_scores import Floats

BEST, MOST_TELLING = "best", "telling"
AIMS = {
    BEST: "most likely the best: greatest expected improvement over the best that is measured",
    MOST_TELLING: "most telling: similar to as many unmeasured ones as possible",
}
"""What the next measurements are for."""


def expected_improvement(prediction: Prediction, best: float) -> Floats:
    """Return how far each candidate is expected to exceed a normal score, counting nothing where it does not.

    Args:
        prediction: Mean and deviation of n candidates; without deviations, the mean alone decides.
        best: The normal score to exceed.

    Returns:
        Expected improvement, shape (n,).
    """
    if not np.isfinite(prediction.deviation).all():
        return prediction.mean - best
    above = (prediction.mean - best) / np.maximum(prediction.deviation, 1e-12)
    density = np.exp(-0.5 * above**2) / np.sqrt(2 * np.pi)
    return np.asarray(prediction.deviation * (above * scipy.special.ndtr(above) + density))


def measure_next(
    candidates: Candidates, prediction: Prediction, labelled: Places, networks: Places, count: int, aim: str, seed: int
) -> Places:
    """Choose unmeasured candidates, each with a network of its own.

    Args:
        candidates: All n candidates.
        prediction: What a model says of them.
        labelled: Those that are measured.
        networks: Number of each candidate's network, shape (n,).
        count: How many to choose.
        aim: A key of :data:`AIMS`.
        seed: Seed of random draws.

    Returns:
        The chosen candidates, most useful first, shape (count,), or fewer if fewer are unmeasured.

    Raises:
        UserError: If the aim is unknown.
    """
    check_named("aim", aim, AIMS)
    _, first = np.unique(networks, return_index=True)
    free = first[~np.isin(networks[first], networks[labelled])]
    if aim == MOST_TELLING:
        return facility_location(candidates, free, count, np.random.default_rng(seed), chosen=labelled, offered=1.0)
    gains = expected_improvement(prediction, prediction.mean[labelled].max(initial=-np.inf))
    return free[np.argsort(-gains[free], kind="stable")][:count]
