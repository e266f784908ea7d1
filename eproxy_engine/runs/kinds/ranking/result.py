"""What a learned ranking is worth: judged on held-out architectures, beside references, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from eproxy_engine.learning.candidates import Candidates, Places, candidates_of
from eproxy_engine.learning.judging import FEWEST_JUDGED, STATISTICS
from eproxy_engine.learning.models import MODELS
from eproxy_engine.learning.models.model import correlations
from eproxy_engine.learning.normal_scores import Floats
from eproxy_engine.learning.settings import FEWEST_LABELS
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs.kinds.ranking.problem import Problem
from eproxy_engine.statistics import or_none

CURVE = (5, 10, 20, 50, 100)
"""Numbers of labels of the learning curve."""
PART_DRAWS = 50
"""Maximum number of draws with which single parts are judged."""
LEVELS = (0.5, 0.8, 0.95)
"""Nominal levels of intervals whose coverage is counted."""
SHORT = ("rho", "top10")


def judged(problem: Problem) -> dict[str, Any]:
    """Judge the ranking and its parts.

    Returns:
        JSON values. ``n``, the mean number of held-out architectures of a draw, ``labels``, ``draws``, and mean and
        standard deviation over draws of ``rho``, ``tau``, ``top10`` and ``precision10``; ``rho`` and ``top10`` also for
        ``references`` and ``models``; ``curve`` (ρ and τ by number of labels), ``without`` (ρ without a score or a
        group), ``carried_by`` (correlation of the prediction with each score), ``coverage`` of intervals; ``left_out``
        scores and the number of ``failed`` architectures. Statistics are missing where fewer than five held-out
        accuracies are known.
    """
    settings = problem.specification.settings
    draws, court = _draws(problem), problem.court
    found: dict[str, Any] = {
        "candidates": len(problem.candidates),
        "labels": len(draws[0]),
        "n": round(float(np.mean([len(court.held_out(draw)) for draw in draws]))),
        "draws": len(draws),
        "left_out": list(problem.candidates.constant_scores),
        "failed": len(problem.candidates.failed),
        "carried_by": _carried_by(problem),
    }
    if found["n"] < FEWEST_JUDGED:
        return found
    model, some = MODELS[settings.model], draws[:PART_DRAWS]
    unlearned = {name: court.judge_score(score, draws, SHORT).as_dict() for name, score in references(problem).items()}
    models = {
        name: court.judge(each, draws, SHORT).as_dict()
        for name, each in MODELS.items()
        if _can_learn(name, problem, draws)
    }
    return {
        **found,
        **court.judge(model, draws, tuple(STATISTICS)).as_dict(),
        "flops": unlearned["flops"]["rho"],
        "references": unlearned,
        "models": models,
        "curve": _curve(problem),
        "without": {
            name: replace(court, candidates=part).judge(model, some).as_dict()["rho"] for name, part in _parts(problem)
        },
        "coverage": dict(zip(map(str, LEVELS), map(or_none, court.coverage(model, some, LEVELS)), strict=True)),
    }


def _can_learn(name: str, problem: Problem, draws: list[Places]) -> bool:
    """Return whether a model has what it needs: labels for all but the prior, scores for all but the default one."""
    return name == "prior" or (
        len(draws[0]) >= FEWEST_LABELS and (name == "gp" or len(problem.candidates.score_names) > 0)
    )


def _draws(problem: Problem) -> list[Places]:
    count = 1 if problem.fixed_labels is not None else problem.specification.settings.draws
    return [problem.draw(number) for number in range(count)]


def references(problem: Problem) -> dict[str, Floats]:
    """Return scores that learn nothing, by name: size, AZ-NAS and Eproxy, as far as the panel has them."""
    found = {name: problem.scores[name].to_numpy(float) for name in ("flops", "parameters")}
    if problem.specification.panel.prior_of:
        found["az_nas"] = problem.candidates.prior
    return found | {name: problem.scores[name].to_numpy(float) for name in _eproxies(problem)}


def _eproxies(problem: Problem) -> list[str]:
    return [each.name for each in problem.specification.panel.scores if isinstance(each.member, Configuration)]


def _curve(problem: Problem) -> list[dict[str, Any]]:
    if problem.fixed_labels is not None:
        return []
    model, rows = MODELS[problem.specification.settings.model], []
    known = int(np.isfinite(problem.accuracies).sum())
    counts = [count for count in CURVE if count <= known - FEWEST_JUDGED]
    draws = [problem.draw(number, max(counts, default=0)) for number in range(_part_draws(problem))]
    for count in counts:
        found = problem.court.judge(model, [draw[:count] for draw in draws], ("rho", "tau"))
        rows.append({"labels": count, **found.as_dict()})
    return rows


def _part_draws(problem: Problem) -> int:
    return min(problem.specification.settings.draws, PART_DRAWS)


def _parts(problem: Problem) -> Sequence[tuple[str, Candidates]]:
    """Return the candidates without each score, and without groups of scores, by name of what is left out."""
    candidates = problem.candidates
    parts = [(name, candidates.without(name)) for name in candidates.score_names if len(candidates.score_names) > 1]
    parts.append(("descriptors", replace(candidates, descriptors=candidates.descriptors[:, :0])))
    parts.append(("prior", replace(candidates, prior=np.zeros(len(candidates)))))
    eproxies = _eproxies(problem)
    if len(eproxies) > 1:
        parts.append(("all of Eproxy", _keeping(problem, [n for n in problem.scores if n not in eproxies])))
    computed = [score.name for score in problem.specification.panel.scores]
    if computed:
        parts.append(("all computed scores", _keeping(problem, [n for n in problem.scores if n not in computed])))
    if eproxies and len(computed) > len(eproxies):
        others = [name for name in computed if name not in eproxies]
        parts.append(("all but Eproxy and size", _keeping(problem, [n for n in problem.scores if n not in others])))
    return parts


def _keeping(problem: Problem, names: list[str]) -> Candidates:
    prior_of = problem.specification.panel.prior_of
    return candidates_of(problem.scores[names], problem.descriptors, prior_of if set(prior_of) <= set(names) else ())


def _carried_by(problem: Problem) -> dict[str, float]:
    """Return the correlation of the first draw's prediction with each score; its sign says which way it counts."""
    _, prediction = problem.prediction()
    found = correlations(problem.candidates.scores, prediction.mean)
    return dict(zip(problem.candidates.score_names, found.tolist(), strict=True))
