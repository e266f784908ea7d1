"""Interface of a rank model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.normal_scores import Floats


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model expects of n candidates, on the scale of normal scores of the accuracy."""

    mean: Floats
    """Shape (n,); a higher value is a better rank."""
    deviation: Floats
    """Standard deviation, shape (n,); nan from a model that has none."""


class RankModel(Protocol):
    """Ranks candidates by the accuracies of a few of them."""

    @property
    def title(self) -> str:
        """Name on pages."""

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """Predict all candidates.

        Args:
            candidates: All n of them; their scores may be used, their accuracies are unknown.
            labelled: The k candidates with a known accuracy, shape (k,).
            accuracies: These accuracies, shape (k,), higher is better.
        """


def correlations(scores: Floats, targets: Floats) -> Floats:
    """Return Pearson's correlation of each column of ``scores``, shape (k, p), with ``targets``, shape (k,).

    Of normal scores this is nearly Spearman's. 0 where a column is constant.
    """
    columns, values = scores - scores.mean(axis=0), targets - targets.mean()
    norms = np.sqrt((columns**2).sum(axis=0) * (values**2).sum())
    return np.divide(values @ columns, norms, out=np.zeros(scores.shape[1]), where=norms > 1e-12)


def unknown(count: int) -> NDArray[np.float64]:
    """Return the deviation of a model that has none, shape (count,)."""
    return np.full(count, np.nan)
