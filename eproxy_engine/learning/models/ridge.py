"""Ridge regression on the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eproxy_engine.learning.candidates import PRIOR_WEIGHT, Candidates, Places
from eproxy_engine.learning.models.model import Prediction, unknown
from eproxy_engine.learning.normal_scores import Floats, normal_scores


@dataclass(frozen=True)
class Ridge:
    """A weighted sum of the scores, the weights learned. ``penalty``: variance of an accuracy's normal score over that
    of a weight."""

    title: str = "ridge regression"
    penalty: float = 20.0
    prior_weight: float = PRIOR_WEIGHT

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """See :class:`eproxy_engine.learning.models.model.RankModel`."""
        prior, known = self.prior_weight * candidates.prior, candidates.scores[labelled]
        residuals = normal_scores(accuracies) - prior[labelled]
        offset = residuals.mean()
        products = known @ known.T + self.penalty * np.eye(len(labelled))
        weights = known.T @ np.linalg.solve(products, residuals - offset)
        return Prediction(prior + offset + candidates.scores @ weights, unknown(len(candidates)))
