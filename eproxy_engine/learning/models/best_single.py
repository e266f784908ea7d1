"""The single score that agrees best with the known accuracies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models.model import Prediction, correlations, unknown
from eproxy_engine.learning.normal_scores import Floats, normal_scores


@dataclass(frozen=True)
class BestSingle:
    """One score, upside down if it correlates negatively."""

    title: str = "best single score, with sign"

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """See :class:`eproxy_engine.learning.models.model.RankModel`."""
        if not candidates.score_names:
            return Prediction(candidates.prior, unknown(len(candidates)))
        found = correlations(candidates.scores[labelled], normal_scores(accuracies))
        best = int(np.argmax(np.abs(found)))
        return Prediction(candidates.scores[:, best] * found[best], unknown(len(candidates)))
