"""Gaussian process on scores and descriptors, with a prior ranking as mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from eproxy_engine.learning.candidates import PRIOR_WEIGHT, Candidates, Places
from eproxy_engine.learning.models.model import Prediction
from eproxy_engine.learning.normal_scores import Floats, normal_scores


@dataclass(frozen=True)
class Kernel:
    """Similarity of candidates: a linear and a squared exponential part for the scores, and for the descriptors."""

    linear: float = 0.15
    exponential: float = 0.85
    descriptors_linear: float = 0.25
    descriptors_exponential: float = 0.25

    def parts(self, candidates: Candidates) -> list[tuple[Floats, float, float]]:
        """Return scores and descriptors, as far as there are any, with the weights of their two parts."""
        every = (
            (candidates.scores, self.linear, self.exponential),
            (candidates.descriptors, self.descriptors_linear, self.descriptors_exponential),
        )
        return [part for part in every if part[0].shape[1]]

    def between(self, candidates: Candidates, rows: Places, columns: Places) -> Floats:
        """Return the covariance of candidates, shape (rows, columns)."""
        total = np.zeros((len(rows), len(columns)))
        for values, linear, exponential in self.parts(candidates):
            total += _similarity(values[rows], values[columns], linear, exponential)
        return total

    def variances(self, candidates: Candidates) -> Floats:
        """Return the covariance of each candidate with itself, shape (n,)."""
        total = np.zeros(len(candidates))
        for values, linear, exponential in self.parts(candidates):
            total += linear * (values**2).mean(axis=1) + exponential
        return total


def _similarity(left: Floats, right: Floats, linear: float, exponential: float) -> Floats:
    products = left @ right.T / left.shape[1]
    distances = (left**2).mean(axis=1)[:, None] + (right**2).mean(axis=1)[None] - 2 * products
    return np.asarray(linear * products + exponential * np.exp(-0.5 * distances))


@dataclass(frozen=True)
class GaussianProcess:
    """The default model. ``noise``: variance of what scores and descriptors cannot explain."""

    title: str = "Gaussian process"
    kernel: Kernel = Kernel()
    noise: float = 0.3
    prior_weight: float = PRIOR_WEIGHT

    def fit(self, candidates: Candidates, labelled: Places, accuracies: Floats) -> Prediction:
        """See :class:`eproxy_engine.learning.models.model.RankModel`."""
        prior = self.prior_weight * candidates.prior
        residuals = normal_scores(accuracies) - prior[labelled]
        offset = residuals.mean()
        across = self.kernel.between(candidates, np.arange(len(candidates)), labelled)
        factor = scipy.linalg.cho_factor(across[labelled] + self.noise * np.eye(len(labelled)), lower=True)
        weights = scipy.linalg.cho_solve(factor, residuals - offset)
        reduced = scipy.linalg.solve_triangular(factor[0], across.T, lower=True)
        variance = self.kernel.variances(candidates) + self.noise - (reduced**2).sum(axis=0)
        scale = (residuals - offset) @ weights / len(labelled)  # of all variances, where the labels are most likely
        return Prediction(prior + offset + across @ weights, np.sqrt(np.maximum(scale * variance, 0)))
