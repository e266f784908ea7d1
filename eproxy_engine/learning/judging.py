"""How good a ranking is on the candidates that it has not seen, over many draws of the labelled ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eproxy_engine import statistics
from eproxy_engine.learning.candidates import Candidates, Places
from eproxy_engine.learning.models import RankModel
from eproxy_engine.learning.normal_scores import Floats

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


def judge(
    candidates: Candidates,
    accuracies: Floats,
    model: RankModel,
    draws: Sequence[Places],
    names: Sequence[str] = ("rho",),
) -> Judgement:
    """Fit a model to each draw and judge its ranking of all others.

    Args:
        candidates: All n candidates.
        accuracies: Their accuracies, shape (n,), nan where unknown. The model sees those of the drawn ones alone.
        model: What is judged.
        draws: The labelled candidates of each draw.
        names: Which of :data:`STATISTICS`.
    """
    return _judged(((draw, model.fit(candidates, draw, accuracies[draw]).mean) for draw in draws), accuracies, names)


def judge_score(
    scores: Floats, accuracies: Floats, draws: Sequence[Places], names: Sequence[str] = ("rho",)
) -> Judgement:
    """Judge a score that learns nothing on the same held-out candidates. ``scores``: shape (n,)."""
    return _judged(((draw, scores) for draw in draws), accuracies, names)


def _judged(ranked: Any, accuracies: Floats, names: Sequence[str]) -> Judgement:
    values: dict[str, list[float]] = {name: [] for name in names}
    for draw, scores in ranked:
        others = np.isfinite(accuracies)
        others[draw] = False
        for name in names:
            values[name].append(float(STATISTICS[name](scores[others], accuracies[others])))
    return Judgement(values)


def coverage(
    candidates: Candidates, accuracies: Floats, model: RankModel, draws: Sequence[Places], levels: Sequence[float]
) -> list[float]:
    """Return how often held-out accuracies lie in the model's intervals, for each nominal level.

    Accuracies count as normal scores among all candidates. nan for a model without deviations.
    """
    from scipy.special import ndtri

    from eproxy_engine.learning.normal_scores import normal_scores

    known = np.isfinite(accuracies)
    truth, found = np.full(len(accuracies), np.nan), []
    truth[known] = normal_scores(accuracies[known])
    for draw in draws:
        prediction = model.fit(candidates, draw, accuracies[draw])
        others = np.setdiff1d(np.flatnonzero(known), draw)
        away = np.abs(truth[others] - prediction.mean[others]) / prediction.deviation[others]
        found.append(
            [float(np.mean(away <= ndtri(0.5 + level / 2))) if np.isfinite(away).all() else np.nan for level in levels]
        )
    return np.mean(found, axis=0).tolist()
