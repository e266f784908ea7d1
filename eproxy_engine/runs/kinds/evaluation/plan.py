"""Plan of an evaluation run, and its summary."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eproxy_engine import statistics
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.benchmarks import known
from eproxy_engine.proxy import Configuration, Outcome
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.scoring import Member, combined, flops_norm, members_of
from eproxy_engine.scoring.cost import multiply_accumulates

Floats = NDArray[np.float64]

MOST_NAMED = 5
"""Maximum number of diverged architectures, and of notes, in a summary."""


class EvaluationPlan(Plan):
    """Plan of an evaluation run."""

    def __init__(self, specification: EvaluationSpecification) -> None:
        self._specification = specification

    def steps(self) -> Steps:
        """Yield all evaluations at once."""
        yield self._specification.evaluations()

    def result(self, outcomes: Outcomes) -> dict[str, Any]:
        return summary(self._specification, scored(self._specification, outcomes))


def scored(specification: EvaluationSpecification, outcomes: Outcomes) -> pd.DataFrame:
    """Return the evaluated architectures with their scores.

    Args:
        specification: Specification of the evaluation run.
        outcomes: Known outcomes, by key of the evaluation.

    Returns:
        One row per architecture that all members have evaluated, with the benchmark's columns and

        - ``score``: the score, for an ensemble the aggregated rank; −inf where an evaluation diverged or failed.
        - ``diverged``: whether an evaluation did.
        - ``losses``: loss curve of the first member, branches weighted; empty unless it is an Eproxy configuration.
        - ``seconds``: sum over members.
        - ``peak_bytes``: highest of the members, nan if unknown.
        - ``note``: first note of a member, None without any.
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
    """Add scores to ``table``. ``found``: one list per computed member, with one outcome per row of the table."""
    members = [member.canonical() for member in members_of(specification.proxy)]
    rest = iter(found)
    norms = [flops_norm(member, specification.space, table["flops"]) for member in members]
    scores = np.array([_scores(member, table, norm, rest) for member, norm in zip(members, norms, strict=True)])
    first = members[0]
    together = list(zip(*found, strict=True)) or [()] * len(table)
    return table.assign(
        score=combined(specification.proxy, scores, table["flops"].to_numpy(float)),
        diverged=np.isneginf(scores).any(axis=0),
        losses=[first.curve(each[0].values) if isinstance(first, Configuration) else [] for each in together],
        seconds=[sum(outcome.seconds for outcome in each) for each in together],
        peak_bytes=[_highest(each) for each in together],
        note=pd.Series([next((one.note for one in each if one.note), None) for each in together], dtype=object),
    )


def _scores(member: Member, table: pd.DataFrame, norms: pd.Series, found: Iterator[list[Outcome]]) -> Floats:
    """Return the scores of one member, shape (n,); a computed member takes the next outcomes of ``found``."""
    if isinstance(member, Baseline) and member.tabulated:
        return tabulated.scores(member.name, table).fillna(-math.inf).to_numpy()
    return np.array([each.score(member, norm) for each, norm in zip(next(found), norms, strict=True)])


def _highest(outcomes: tuple[Outcome, ...]) -> float:
    """Return the highest peak memory, nan if none is known."""
    return max((each.peak_bytes for each in outcomes if each.peak_bytes is not None), default=math.nan)


def summary(specification: EvaluationSpecification, evaluated: pd.DataFrame) -> dict[str, Any]:
    """Correlate score, parameters and FLOPs with the accuracy.

    Args:
        specification: Specification of the evaluation run.
        evaluated: Rows of :func:`scored`.

    Returns:
        Correlations and cost, as JSON values. Only architectures with known accuracy judge the scores: ``n`` of the
        ``evaluated`` ones.
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
    """Count the notes of evaluations, most frequent first."""
    return {str(note): int(count) for note, count in evaluated["note"].value_counts().head(MOST_NAMED).items()}


def _megabytes(peak_bytes: float) -> float | None:
    return None if math.isnan(peak_bytes) else peak_bytes / 1e6


def _speed(specification: EvaluationSpecification, evaluated: pd.DataFrame) -> float | None:
    """Return the speed of one process, from which the time of the next run is estimated."""
    complete = evaluated[~evaluated["diverged"]]
    if not complete["seconds"].sum() > 0:
        return None
    work = sum(
        multiply_accumulates(member, specification.space, flops)
        for member in members_of(specification.proxy)
        for flops in complete["flops"]
    )
    return float(work / complete["seconds"].sum())
