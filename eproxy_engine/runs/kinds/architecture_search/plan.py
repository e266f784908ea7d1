"""Plan of an architecture search: one search per seed, side by side, and their joint result."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.search.architecture_search.search import ArchitectureSearch

MOST_FOUND = 10
"""Number of architectures per seed in a result."""


class ArchitectureSearchPlan(Plan):
    """Plan of an architecture search."""

    def __init__(self, specification: ArchitectureSearchSpecification) -> None:
        self._specification = specification
        self._searches = specification.searches()
        self._history: list[dict[str, Any]] = []

    def steps(self) -> Steps:
        """Advance all seeds by one step at a time, so that their evaluations are computed together."""
        under_way = {place: search.steps() for place, search in enumerate(self._searches)}
        outcomes: Outcomes | None = None
        while under_way:
            wanted = []
            for place, steps in list(under_way.items()):
                try:
                    wanted += next(steps) if outcomes is None else steps.send(outcomes)
                except StopIteration:
                    del under_way[place]
            if under_way:
                outcomes = yield wanted

    def ahead(self, outcomes: Outcomes) -> list[Evaluation]:
        return [evaluation for search in self._searches for evaluation in search.ahead()]

    def remaining(self) -> int:
        return sum(search.remaining for search in self._searches)

    def progress(self) -> dict[str, Any]:
        """Return, per seed, the number of queries and every improvement of the best accuracy with its query.

        ``own_seconds`` is the processor time that the strategies of all seeds took to choose. It stands here as the
        result depends on nothing but the evaluations.
        """
        return {
            "queries": [len(search.asked) for search in self._searches],
            "improvements": [[list(each) for each in search.improvements] for search in self._searches],
            "own_seconds": round(sum(search.own_seconds for search in self._searches), 3),
        }

    def history(self) -> list[dict[str, Any]]:
        """Return the trials of the first seed."""
        self._history += [trial.as_dict() for trial in self._searches[0].trials[len(self._history) :]]
        return self._history

    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """Return the result of each seed under ``searches``; ``best`` and ``queries`` are those of the first seed."""
        if not any(search.trials for search in self._searches):
            return None
        domain = self._specification.domain
        found = [self._found(search) for search in self._searches]
        return {
            "best": found[0]["best"],
            "queries": found[0]["queries"],
            "spent": len(self._specification.spent_architectures()),
            "searches": found,
            "measured": len(domain.accuracies),
            "optimum": _best_known(domain.accuracies),
            "accuracy": _spread([each["best"]["accuracy"] for each in found if each["best"]]),
            "queries_to_optimum": _spread([each["queries_to_optimum"] for each in found]),
            "trials_to_optimum": _spread([each["trials_to_optimum"] for each in found]),
            "evaluations": len(outcomes),
            "diverged": sum(outcome.diverged for outcome in outcomes.values()),
            "seconds_of_training": sum(outcome.seconds for outcome in outcomes.values()),
        }

    def _found(self, search: ArchitectureSearch) -> dict[str, Any]:
        known = search.domain.known
        by_accuracy = sorted(search.asked, key=lambda text: -search.asked[text])
        allowed = [text for text in by_accuracy if text in search.domain.accuracies]
        by_score = [search.trials[place].architecture for place in search.by_score()] if search.scored else []
        ranked, ranks = allowed or by_score, {text: rank for rank, text in enumerate(by_score, start=1)}
        return {
            "seed": search.seed,
            "best": {"architecture": ranked[0], "accuracy": known.get(ranked[0])} if ranked else None,
            "found": [
                {"architecture": text, "accuracy": known.get(text), "rank": ranks.get(text)}
                for text in ranked[:MOST_FOUND]
            ],
            "by_score": [{"architecture": text, "accuracy": known.get(text)} for text in by_score[:MOST_FOUND]],
            "queries": len(search.asked),
            "trials": len(search.trials),
            "scored": len(search.scored),
            "jumps": sum(trial.jumped for trial in search.trials),
            "queries_to_optimum": search.queries_to_optimum,
            "trials_to_optimum": search.trials_to_optimum,
            "improvements": [list(each) for each in search.improvements],
        }


def _best_known(accuracies: dict[str, float]) -> dict[str, Any] | None:
    """Return the best measured architecture within the constraints and how many share its accuracy."""
    if not accuracies:
        return None
    best = max(accuracies, key=lambda text: accuracies[text])
    ties = sum(accuracy == accuracies[best] for accuracy in accuracies.values())
    return {"architecture": best, "accuracy": accuracies[best], "ties": ties}


def _spread(values: list[float | None]) -> dict[str, Any]:
    """Return mean, standard error and median over the seeds that have a value, and their number."""
    there = np.array([value for value in values if value is not None], dtype=float)
    error = float(there.std(ddof=1) / math.sqrt(len(there))) if len(there) > 1 else None
    return {
        "mean": float(there.mean()) if len(there) else None,
        "standard_error": error,
        "median": float(np.median(there)) if len(there) else None,
        "n": len(there),
        "of": len(values),
    }
