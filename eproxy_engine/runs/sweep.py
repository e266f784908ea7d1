"""The sweep: every evaluation of a specification, from the store or computed, and what they say together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from eproxy_engine import spaces, statistics
from eproxy_engine.benchmarks import known
from eproxy_engine.proxy import Outcome
from eproxy_engine.proxy.cost import multiply_accumulates
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.runs.store import Store
from eproxy_engine.runs.sweep_specification import SweepSpecification


class SweepPlan(Plan):
    """See :class:`eproxy_engine.runs.plan.Plan`."""

    def __init__(self, specification: SweepSpecification) -> None:
        self._specification = specification

    def steps(self) -> Steps:
        """All evaluations at once."""
        yield self._specification.evaluations()

    def result(self, outcomes: Outcomes) -> dict[str, Any]:
        return summary(self._specification, scored(self._specification, outcomes))


def rows(store: Store, specification: SweepSpecification) -> pd.DataFrame:
    """:func:`scored` with what the store has."""
    return scored(specification, store.outcomes(specification.evaluations()))


def scored(specification: SweepSpecification, outcomes: Outcomes) -> pd.DataFrame:
    """The evaluated architectures: the benchmark's columns, ``score``, ``diverged``, ``losses`` and ``seconds``.

    ``score`` is −inf where the evaluation diverged, and the mean rank of an ensemble; ``losses`` is the curve (of the
    first member), branches weighted; ``seconds`` are those of all members.
    """
    table = specification.architectures()
    evaluations = specification.evaluations()
    keys = np.array([evaluation.key for evaluation in evaluations], dtype=object).reshape(-1, len(table))
    complete = np.array([all(key in outcomes for key in column) for column in keys.T], dtype=bool)
    found = [[outcomes[key] for key in row] for row in keys[:, complete]]
    return _with_scores(table[complete].reset_index(drop=True), found, specification)


def _with_scores(table: pd.DataFrame, outcomes: list[list[Outcome]], specification: SweepSpecification) -> pd.DataFrame:
    """``outcomes``: one list a member, in it one a row of the table."""
    norms = table["flops"].to_numpy(float) / spaces.get(specification.space).largest_flops
    members = [member.canonical() for member in specification.members()]
    scores = np.array(
        [
            [outcome.score(member, norm) for outcome, norm in zip(row, norms, strict=True)]
            for member, row in zip(members, outcomes, strict=True)
        ]
    )
    ensemble = specification.ensemble
    return table.assign(
        score=scores[0] if ensemble is None else ensemble.combine(scores, norms),
        diverged=np.isneginf(scores).any(axis=0),
        losses=[outcome.curve(members[0]) for outcome in outcomes[0]],
        seconds=np.sum([[outcome.seconds for outcome in row] for row in outcomes], axis=0),
    )


def summary(specification: SweepSpecification, evaluated: pd.DataFrame) -> dict[str, Any]:
    """Correlations of score, parameters and FLOPs with the accuracy, and the cost; JSON values.

    Only architectures whose accuracy is known judge the scores (``n`` of them, of all ``evaluated``).
    """
    judged = evaluated[evaluated["accuracy"].notna()]
    accuracy = judged["accuracy"].to_numpy(float)
    correlations = {
        name: statistics.correlate(judged[name].to_numpy(float), accuracy).as_dict()
        for name in ("score", "parameters", "flops")
    }
    return {
        **correlations["score"],
        "diverged": int(evaluated["diverged"].sum()),
        "evaluated": len(evaluated),
        "reference": {name: correlations[name] for name in ("parameters", "flops")},
        "architectures": len(specification.architectures()),
        "known": len(known(specification.space, specification.task)),
        "seconds_per_architecture": float(evaluated["seconds"].mean()) if len(evaluated) else None,
        "multiply_accumulates_per_second": _speed(specification, evaluated),
    }


def _speed(specification: SweepSpecification, evaluated: pd.DataFrame) -> float | None:
    """Of one process; what the estimate of the next run's time goes by."""
    complete = evaluated[~evaluated["diverged"]]
    if complete.empty:
        return None
    work = sum(
        multiply_accumulates(member, specification.space, flops)
        for member in specification.members()
        for flops in complete["flops"]
    )
    return float(work / complete["seconds"].sum())
