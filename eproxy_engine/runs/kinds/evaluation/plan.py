"""The sweep: every evaluation of a specification, from the store or computed, and what they say together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eproxy_engine import spaces, statistics
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.benchmarks import known
from eproxy_engine.proxy import Configuration, Outcome
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.scoring import Member, combined, members_of
from eproxy_engine.scoring.cost import multiply_accumulates

Floats = NDArray[np.float64]

MOST_NAMED = 5
"""Architectures and notes of which a summary tells."""


class EvaluationPlan(Plan):
    """See :class:`eproxy_engine.runs.plan.Plan`."""

    def __init__(self, specification: EvaluationSpecification) -> None:
        self._specification = specification

    def steps(self) -> Steps:
        """All evaluations at once."""
        yield self._specification.evaluations()

    def result(self, outcomes: Outcomes) -> dict[str, Any]:
        return summary(self._specification, scored(self._specification, outcomes))


def scored(specification: EvaluationSpecification, outcomes: Outcomes) -> pd.DataFrame:
    """The evaluated architectures: the benchmark's columns, ``score``, ``diverged``, ``losses``, ``seconds``,
    ``peak_bytes`` and ``note``.

    ``score`` is −inf where the evaluation diverged or failed, and the aggregated rank of an ensemble; ``losses`` is the
    curve (of the first member, if it is an Eproxy configuration), branches weighted; ``seconds`` are those of all
    members, ``peak_bytes`` the highest, ``note`` the first.
    """
    table = specification.architectures()
    wanted = [specification.evaluations_of(member) for member in members_of(specification.proxy)]
    keys = [[evaluation.key for evaluation in evaluations] for evaluations in wanted if evaluations]
    complete = [all(key in outcomes for key in row) for row in zip(*keys, strict=True)] if keys else [True] * len(table)
    found = [[outcomes[key] for key in compress(each, complete)] for each in keys]
    return _with_scores(table[complete].reset_index(drop=True), found, specification)


def _with_scores(
    table: pd.DataFrame, found: list[list[Outcome]], specification: EvaluationSpecification
) -> pd.DataFrame:
    """``found``: one list for each member that is computed, in it one outcome a row of the table."""
    norms = table["flops"].to_numpy(float) / spaces.get(specification.space).largest_flops
    members = [member.canonical() for member in members_of(specification.proxy)]
    rest = iter(found)
    scores = np.array([_scores(member, table, norms, rest) for member in members])
    first = members[0]
    together = list(zip(*found, strict=True)) or [()] * len(table)
    return table.assign(
        score=combined(specification.proxy, scores, norms),
        diverged=np.isneginf(scores).any(axis=0),
        losses=[first.curve(each[0].values) if isinstance(first, Configuration) else [] for each in together],
        seconds=[sum(outcome.seconds for outcome in each) for each in together],
        peak_bytes=[_highest(each) for each in together],
        note=pd.Series([next((one.note for one in each if one.note), None) for each in together], dtype=object),
    )


def _scores(member: Member, table: pd.DataFrame, norms: Floats, found: Iterator[list[Outcome]]) -> Floats:
    """Of one member, one a row; ``found``: the outcomes of the computed ones, of which it takes its own."""
    if isinstance(member, Baseline) and member.tabulated:
        return tabulated.scores(member.name, table).fillna(-math.inf).to_numpy()
    return np.array([each.score(member, norm) for each, norm in zip(next(found), norms, strict=True)])


def _highest(outcomes: tuple[Outcome, ...]) -> float:
    """nan where none of them is known."""
    return max((each.peak_bytes for each in outcomes if each.peak_bytes is not None), default=math.nan)


def summary(specification: EvaluationSpecification, evaluated: pd.DataFrame) -> dict[str, Any]:
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
        "diverged_architectures": evaluated.loc[evaluated["diverged"], "architecture"].head(MOST_NAMED).tolist(),
        "notes": notes(evaluated),
        "evaluated": len(evaluated),
        "reference": {name: correlations[name] for name in ("parameters", "flops")},
        "architectures": len(specification.architectures()),
        "known": len(known(specification.space, specification.task)),
        "seconds_per_architecture": float(evaluated["seconds"].mean()) if len(evaluated) else None,
        "peak_megabytes": _megabytes(evaluated["peak_bytes"].max()),
        "multiply_accumulates_per_second": _speed(specification, evaluated),
    }


def notes(evaluated: pd.DataFrame) -> dict[str, int]:
    """What evaluations had to say, and how often, most often first."""
    return {str(note): int(count) for note, count in evaluated["note"].value_counts().head(MOST_NAMED).items()}


def _megabytes(peak_bytes: float) -> float | None:
    return None if math.isnan(peak_bytes) else peak_bytes / 1e6


def _speed(specification: EvaluationSpecification, evaluated: pd.DataFrame) -> float | None:
    """Of one process; what the estimate of the next run's time goes by."""
    complete = evaluated[~evaluated["diverged"]]
    if not complete["seconds"].sum() > 0:
        return None
    work = sum(
        multiply_accumulates(member, specification.space, flops)
        for member in members_of(specification.proxy)
        for flops in complete["flops"]
    )
    return float(work / complete["seconds"].sum())
