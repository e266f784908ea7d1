"""Candidates made up of random scores and descriptors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from eproxy_engine.learning.candidates import Candidates, candidates_of
from eproxy_engine.learning.normal_scores import Floats

AZ_NAS = ("az_expressivity", "az_progressivity", "az_trainability", "flops")


def frames(count: int, seed: int = 0, scores: int = 5, descriptors: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores, the first four of them with the names of AZ-NAS's, and descriptors."""
    rng = np.random.default_rng(seed)
    names = [*AZ_NAS, *(f"score {place}" for place in range(scores))][:scores]
    table = pd.DataFrame(rng.normal(size=(count, scores)), columns=names)
    return table, pd.DataFrame(rng.normal(size=(count, descriptors))).add_prefix("descriptor ")


def candidates(count: int, seed: int = 0, prior: bool = False) -> Candidates:
    return candidates_of(*frames(count, seed), prior_of=AZ_NAS if prior else ())


def accuracies_for(given: Candidates, seed: int = 0) -> Floats:
    """Accuracies that the scores explain for the most part, all different; shape (n,)."""
    rng = np.random.default_rng([seed, 1])
    weights = rng.normal(size=given.scores.shape[1])
    return 90 + given.scores @ weights + 0.3 * rng.normal(size=len(given))
