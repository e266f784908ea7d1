"""The mean of the scores that agree best with the known accuracies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models.model import Prediction, correlations, unknown
from eproxy_engine.learning.normal_scores import Floats, normal_scores


@dataclass(frozen=True)
class MeanOfBest:
    """The mean of ``count`` scores, each upside down if it correlates negatively."""

    title: str = "mean of the best four scores"
    count: int = 4

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """See :class:`eproxy_engine.learning.models.model.RankModel`."""
        if not candidates.score_names:
            return Prediction(candidates.prior, unknown(len(candidates)))
        found = correlations(candidates.scores[labelled], normal_scores(accuracies))
        best = np.argsort(-np.abs(found), kind="stable")[: self.count]
        mean = (candidates.scores[:, best] * np.sign(found[best])).mean(axis=1)
        return Prediction(mean, unknown(len(candidates)))
