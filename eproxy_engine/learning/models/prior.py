"""No label at all: the prior ranking."""

from __future__ import annotations

from dataclasses import dataclass

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models.model import Prediction, unknown
from eproxy_engine.learning.normal_scores import Floats


@dataclass(frozen=True)
class Prior:
    """The ranking that other search spaces teach: their families' scores and accuracies, none of this family's."""

    title: str = "prior of other spaces"

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """See :class:`eproxy_engine.learning.models.model.RankModel`."""
        return Prediction(candidates.taught, unknown(len(candidates)))
