"""No label at all: the prior ranking."""

from __future__ import annotations

from dataclasses import dataclass

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models.model import Prediction, unknown
from eproxy_engine.learning.normal_scores import Floats


@dataclass(frozen=True)
class Prior:
    """The ranking that is expected before any accuracy is known; it sees none."""

    title: str = "prior, no labels"

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """See :class:`eproxy_engine.learning.models.model.RankModel`."""
        return Prediction(candidates.prior, unknown(len(candidates)))
