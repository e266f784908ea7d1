"""The Gaussian process of the learned ranking, given one label after the other."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import scipy

from eproxy_engine.learning.candidates import Candidates
from eproxy_engine.learning.models.gaussian_process import GaussianProcess
from eproxy_engine.learning.models.model import Prediction
from eproxy_engine.learning.normal_scores import Floats, normal_scores

WAVES = 256
"""Random waves that make up a random function."""


class GrowingProcess:
    """Says what :meth:`GaussianProcess.fit` says, but a further label costs one column of the kernel.

    With K the covariance of the k labelled ones and L the Cholesky factor of K + noise, it keeps L and, for all n
    candidates, L⁻¹ of their covariance with the labelled ones. Both grow by a row per label; memory: 8 k n bytes.
    """

    def __init__(self, candidates: Candidates, model: GaussianProcess | None = None) -> None:
        self.candidates = candidates
        self.model = model or GaussianProcess()
        self.labelled: list[int] = []
        """Places of the labelled candidates, in the order in which they came."""
        self._factor: Floats = np.empty((0, 0))
        self._reduced: Floats = np.empty((0, len(candidates)))
        self._prior = self.model.prior_weight * candidates.prior
        self._unexplained = self.model.kernel.variances(candidates)
        """Variance of each candidate that the labels leave, shape (n,)."""

    def forked(self) -> GrowingProcess:
        """Return a copy that grows on its own."""
        fork = copy(self)
        fork.labelled = list(self.labelled)
        return fork

    def label(self, place: int) -> None:
        """Add a labelled candidate, which has not been one. Its accuracy may come later, in the order of the labels."""
        column = self.model.kernel.between(self.candidates, np.arange(len(self.candidates)), np.array([place]))[:, 0]
        row = self._reduced[:, place].copy()
        corner = np.sqrt(column[place] + self.model.noise - row @ row)
        further = (column - row @ self._reduced) / corner
        count = len(self.labelled)
        self._factor = np.block([[self._factor, np.zeros((count, 1))], [row[None], np.full((1, 1), corner)]])
        self._reduced = np.vstack([self._reduced, further])
        self._unexplained = self._unexplained - further**2
        self.labelled.append(place)

    def predict(self, accuracies: Sequence[float]) -> Prediction:
        """Predict all candidates.

        Args:
            accuracies: Accuracies of the first k labelled candidates, shape (k,), higher is better. Those still to
                come are believed to be as predicted: they leave the means, and take away from the deviations.

        Returns:
            Mean and deviation of what a measurement would say.
        """
        offset, residuals, scale = self._residuals(accuracies)
        mean = self._prior + offset + self._solved(residuals) @ self._reduced[: len(accuracies)]
        return Prediction(mean, np.sqrt(np.maximum(scale * (self._unexplained + self.model.noise), 0)))

    def draw(self, accuracies: Sequence[float], rng: np.random.Generator) -> Floats:
        """Draw a function from the posterior, without noise, at all candidates, shape (n,).

        By Matheron's rule (Wilson et al. 2020): a function of the prior, made of random waves (Rahimi and Recht 2007),
        moved by what the labels say of it.
        """
        offset, residuals, scale = self._residuals(accuracies)
        drawn = np.sqrt(scale) * self._prior_draw(rng)
        count = len(accuracies)
        noise = np.sqrt(scale * self.model.noise) * rng.standard_normal(count)
        moved = self._solved(residuals - drawn[self.labelled[:count]] - noise) @ self._reduced[:count]
        return np.asarray(self._prior + offset + drawn + moved)

    def _residuals(self, accuracies: Sequence[float]) -> tuple[float, Floats, float]:
        """Return the mean of the residuals, what is left of them, and the most likely scale of all variances."""
        residuals = normal_scores(accuracies) - self._prior[self.labelled[: len(accuracies)]]
        offset = float(residuals.mean())
        solved = self._solved(residuals - offset)
        return offset, residuals - offset, float(solved @ solved) / len(accuracies)

    def _solved(self, values: Floats) -> Floats:
        return np.asarray(scipy.linalg.solve_triangular(self._factor[: len(values), : len(values)], values, lower=True))

    def _prior_draw(self, rng: np.random.Generator) -> Floats:
        total = np.zeros(len(self.candidates))
        for values, linear, exponential in self.model.kernel.parts(self.candidates):
            width = values.shape[1]
            total += np.sqrt(linear / width) * values @ rng.standard_normal(width)
            waves = values @ rng.normal(scale=width**-0.5, size=(width, WAVES)) + rng.uniform(0, 2 * np.pi, WAVES)
            total += np.sqrt(2 * exponential / WAVES) * np.cos(waves) @ rng.standard_normal(WAVES)
        return total
