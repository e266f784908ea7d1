"""How good a ranking is on the candidates that it has not seen, over many draws of the labelled ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import scipy

from eproxy_engine import statistics
from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models import RankModel
from eproxy_engine.learning.normal_scores import Floats, normal_scores

STATISTICS: dict[str, Callable[[Floats, Floats], float]] = {
    "rho": statistics.spearman,
    "tau": statistics.kendall,
    "top10": statistics.top_retrieval,
    "precision10": statistics.precision_at,
}
"""By name: functions of scores and accuracies."""
FEWEST_JUDGED = 5


@dataclass(frozen=True)
class Judgement:
    """Statistics of a ranking on held-out candidates, each with one value per draw."""

    values: dict[str, list[float]]

    def as_dict(self) -> dict[str, dict[str, float | None]]:
        """Return mean and standard deviation over draws by name, as JSON values."""
        return {name: spread(values) for name, values in self.values.items()}


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Return ``mean`` and ``sd`` of the finite values; None where there are none."""
    finite = np.array([value for value in values if np.isfinite(value)])
    if not len(finite):
        return {"mean": None, "sd": None}
    return {"mean": float(finite.mean()), "sd": float(finite.std())}


@dataclass(frozen=True, eq=False)
class Court:
    """Candidates with the accuracies that judge a ranking of them."""

    candidates: Candidates
    accuracies: Floats
    """Shape (n,), nan where unknown. A model sees those of the labelled candidates alone."""
    networks: Places
    """Number of each candidate's network, shape (n,): one with the network of a labelled candidate does not judge."""

    def held_out(self, labelled: Places) -> Places:
        """Return the candidates that judge."""
        seen = np.isin(self.networks, self.networks[labelled])
        return np.flatnonzero(np.isfinite(self.accuracies) & ~seen)

    def judge(self, model: RankModel, draws: Sequence[Places], names: Sequence[str] = ("rho",)) -> Judgement:
        """Fit a model to each draw of labelled candidates and judge its ranking of the others.

        ``names``: which of :data:`STATISTICS`.
        """
        fitted = (model.fit(self.candidates, draw, self.accuracies[draw]).mean for draw in draws)
        return self._judged(fitted, draws, names)

    def judge_score(self, scores: Floats, draws: Sequence[Places], names: Sequence[str] = ("rho",)) -> Judgement:
        """Judge a score that learns nothing, shape (n,), on the same held-out candidates."""
        return self._judged(repeat(scores), draws, names)

    def _judged(self, ranked: Iterable[Floats], draws: Sequence[Places], names: Sequence[str]) -> Judgement:
        values: dict[str, list[float]] = {name: [] for name in names}
        for scores, draw in zip(ranked, draws, strict=False):
            others = self.held_out(draw)
            for name in names:
                values[name].append(float(STATISTICS[name](scores[others], self.accuracies[others])))
        return Judgement(values)

    def coverage(self, model: RankModel, draws: Sequence[Places], levels: Sequence[float]) -> list[float]:
        """Return how often held-out accuracies lie in the model's intervals, for each nominal level.

        Accuracies count as normal scores among the held-out ones. nan for a model without deviations.
        """
        found = []
        for draw in draws:
            prediction, others = model.fit(self.candidates, draw, self.accuracies[draw]), self.held_out(draw)
            truth = normal_scores(self.accuracies[others])
            away = np.abs(truth - prediction.mean[others]) / prediction.deviation[others]
            within = [np.mean(away <= scipy.special.ndtri(0.5 + level / 2)) for level in levels]
            found.append(within if np.isfinite(away).all() else [np.nan] * len(levels))
        return np.mean(found, axis=0).tolist()
