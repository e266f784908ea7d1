"""The sweep: every evaluation of a specification, from the store or computed, and what they say together."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pandas as pd

from eproxy_engine import spaces, statistics
from eproxy_engine.benchmarks import known
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.proxy.cost import multiply_accumulates
from eproxy_engine.runs.executors import Executor
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Store


def execute(store: Store, lease: Lease, executor: Executor) -> None:
    """Compute what is missing, report progress, keep the summary. Raises LetGo when asked to pause or stop."""
    specification = lease.run.specification
    try:
        for progress in _compute(store, lease, executor, specification.evaluations()):
            lease.report(progress)
    finally:
        lease.keep_result(summary_of(store, specification))


def _compute(store: Store, lease: Lease, executor: Executor, evaluations: list[Evaluation]) -> Iterator[dict[str, Any]]:
    stored = store.outcomes(evaluations)
    missing = list({e.key: e for e in evaluations if e.key not in stored}.values())
    reused = len({e.key for e in evaluations}) - len(missing)
    yield _progress(reused, 0, len(missing), None)
    lease.check()
    first = None
    with closing(executor.run(missing)) as computing:  # type: ignore[type-var]
        for computed, (evaluation, outcome) in enumerate(computing, start=1):
            store.put(evaluation, outcome)
            first = first or time.monotonic()
            yield _progress(reused, computed, len(missing), first)
            lease.check()
    lease.report(_progress(reused, len(missing), len(missing), first), final=True)


def _progress(reused: int, computed: int, missing: int, first: float | None) -> dict[str, Any]:
    """``first``: when the first one was computed; before that, processes are still being started."""
    left = None
    if first is not None and computed > 1:
        left = (time.monotonic() - first) / (computed - 1) * (missing - computed)
    return {"done": reused + computed, "total": reused + missing, "reused": reused, "seconds_left": left}


def rows(store: Store, specification: Specification) -> pd.DataFrame:
    """The evaluated architectures of the sample: the benchmark's columns, ``score``, ``losses`` and ``seconds``.

    ``score`` is −inf where the evaluation diverged; ``losses`` is the curve, branches weighted.
    """
    table = specification.architectures()
    evaluations = specification.evaluations()
    outcomes = store.outcomes(evaluations)
    table["key"] = [evaluation.key for evaluation in evaluations]
    table = table[table["key"].isin(outcomes)].reset_index(drop=True)
    return with_scores(table, [outcomes[key] for key in table["key"]], specification)


def with_scores(table: pd.DataFrame, outcomes: list[Outcome], specification: Specification) -> pd.DataFrame:
    """``table`` with the columns ``score``, ``losses`` and ``seconds`` of one outcome a row."""
    configuration = specification.configuration.canonical()
    largest = spaces.get(specification.space).largest_flops
    return table.assign(
        score=[o.score(configuration, flops / largest) for o, flops in zip(outcomes, table["flops"], strict=True)],
        losses=[o.curve(configuration) for o in outcomes],
        seconds=[o.seconds for o in outcomes],
    )


def summary_of(store: Store, specification: Specification) -> dict[str, Any]:
    """The :func:`summary` of what the store has of a specification."""
    return summary(specification, rows(store, specification))


def summary(specification: Specification, evaluated: pd.DataFrame) -> dict[str, Any]:
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
        "diverged": int((evaluated["score"] == -math.inf).sum()),
        "evaluated": len(evaluated),
        "reference": {name: correlations[name] for name in ("parameters", "flops")},
        "architectures": len(specification.architectures()),
        "known": len(known(specification.space, specification.task)),
        "seconds_per_architecture": float(evaluated["seconds"].mean()) if len(evaluated) else None,
        "multiply_accumulates_per_second": _speed(specification, evaluated),
    }


def _speed(specification: Specification, evaluated: pd.DataFrame) -> float | None:
    """Of one process; what the estimate of the next run's time goes by."""
    complete = evaluated[evaluated["score"] > -math.inf]
    if complete.empty:
        return None
    each = [
        multiply_accumulates(specification.configuration, specification.space, flops) for flops in complete["flops"]
    ]
    return float(sum(each) / complete["seconds"].sum())
