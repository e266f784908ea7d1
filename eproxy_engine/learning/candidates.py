"""Candidates: architectures with what is known of them without their accuracies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eproxy_engine.errors import UserError
from eproxy_engine.learning.normal_scores import Floats, constant, normal_scores, standardised

Places = NDArray[np.intp]
"""Indices of candidates, shape (k,)."""
PRIOR_WEIGHT = 0.3
"""How much the model believes in the prior's ranking before it sees accuracies."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Scores and descriptors of n architectures, made comparable."""

    score_names: tuple[str, ...]
    """Names of the p scores that vary."""
    scores: Floats
    """Normal scores within the candidates, standardised, shape (n, p)."""
    descriptors: Floats
    """Descriptors that vary, standardised, shape (n, q)."""
    prior: Floats
    """AZ-NAS's ranking, which models expect before they see accuracies: standardised normal scores, shape (n,); zeros
    for none."""
    taught: Floats
    """Ranking that other search spaces teach, shape (n,); zeros if they teach nothing."""
    constant_scores: tuple[str, ...] = ()
    """Scores that are equal for all candidates and therefore left out."""
    failed: tuple[int, ...] = ()
    """Candidates all of whose computed scores failed."""

    def __len__(self) -> int:
        return len(self.scores)

    def without(self, name: str) -> Candidates:
        """Return the candidates without one score."""
        kept = [place for place, each in enumerate(self.score_names) if each != name]
        names = tuple(self.score_names[place] for place in kept)
        return Candidates(names, self.scores[:, kept], self.descriptors, self.prior, self.taught)


def candidates_of(
    scores: pd.DataFrame, descriptors: pd.DataFrame, prior_of: Sequence[str] = (), taught: Floats | None = None
) -> Candidates:
    """Make candidates comparable.

    Args:
        scores: One row per architecture, one column per score, higher is better; −inf or nan where it failed.
        descriptors: The same rows, one column per descriptor.
        prior_of: Scores whose ranks, as AZ-NAS combines them, are expected to be those of the accuracy.
        taught: Ranking that other search spaces teach, shape (n,).

    Raises:
        UserError: If fewer than two architectures or nothing that varies is given.
    """
    if len(scores) < 2:
        raise UserError(f"{len(scores)} candidates; accepted: 2 or more")
    values = scores.to_numpy(np.float64).reshape(len(scores), -1)
    ranked = np.apply_along_axis(normal_scores, 0, values) if values.shape[1] else values
    left_out = constant(ranked)
    described = descriptors.to_numpy(np.float64).reshape(len(scores), -1)
    names = np.array(scores.columns, dtype=object)
    found = Candidates(
        score_names=tuple(map(str, names[~left_out])),
        scores=standardised(ranked),
        descriptors=standardised(described),
        prior=_az_nas(values, [list(scores.columns).index(name) for name in prior_of]),
        taught=np.zeros(len(scores)) if taught is None else taught,
        constant_scores=tuple(map(str, names[left_out])),
        failed=tuple(np.flatnonzero(~np.isfinite(values).any(axis=1)).tolist()) if values.shape[1] else (),
    )
    if not found.score_names and not found.descriptors.shape[1]:
        raise UserError("all scores and descriptors are equal for all candidates; accepted: at least one that varies")
    return found


def _az_nas(values: Floats, places: list[int]) -> Floats:
    """Return the sum of log ranks (Lee and Ham 2024) as standardised normal scores; zeros without places."""
    from eproxy_engine.scoring.proxy import log_ranks

    if not places:
        return np.zeros(len(values))
    known = np.where(np.isnan(values), -np.inf, values)[:, places]
    ranks = normal_scores(log_ranks(known.T))
    return ranks / max(float(ranks.std()), 1e-12)
