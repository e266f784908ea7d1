"""Plan of a comparison of proxies, and its statistics."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from eproxy_engine import statistics
from eproxy_engine.baselines.tabulated import SIZES
from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kinds.comparison.specification import TABLE_COLUMNS, ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.plan import MOST_NAMED, notes, scored
from eproxy_engine.runs.plan import Outcomes, Plan, Steps
from eproxy_engine.scoring.named import NamedProxy

BOOTSTRAPPED = {
    "rho": statistics.spearman,
    "tau": statistics.kendall,
    "top10": statistics.top_retrieval,
    "precision10": statistics.precision_at,
    "ndcg": statistics.ndcg,
}


class ComparisonPlan(Plan):
    """Plan of a comparison."""

    def __init__(self, specification: ComparisonSpecification) -> None:
        self._specification = specification
        self._left = list(_blocks(specification))
        self._done = 0

    def steps(self) -> Steps:
        """Yield the evaluations of one proxy and seed at a time, so that finished proxies can be shown."""
        while self._left:
            yield self._left.pop(0)
            self._done += 1

    def remaining(self) -> int:
        return sum(map(len, self._left))

    def progress(self) -> dict[str, Any]:
        """Return the number of finished steps; the result changes only with it."""
        return {"steps": self._done}

    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """Return the rows of :func:`compared` under ``proxies``."""
        return {"proxies": compared(self._specification, outcomes)}


def _blocks(specification: ComparisonSpecification) -> list[list[Evaluation]]:
    """Return the evaluations of each step; one that several proxies need appears once."""
    seen: set[str] = set()
    blocks = []
    for seed, proxy in product(specification.seeds, specification.proxies):
        evaluations = specification.evaluation_run(proxy, seed).evaluations()
        new = {each.key: each for each in evaluations if each.key not in seen}
        seen |= new.keys()
        blocks.append(list(new.values()))
    return [block for block in blocks if block]


def scores_of(specification: ComparisonSpecification, outcomes: Outcomes, unknown: bool = False) -> pd.DataFrame:
    """Return the scores of the proxies that are evaluated in full with the first seed.

    Args:
        specification: Specification of the comparison.
        outcomes: Known outcomes, by key of the evaluation.
        unknown: Whether to return architectures of unknown accuracy, too.

    Returns:
        One row per architecture of known accuracy: architecture, accuracy, parameters, flops and one column of scores
        per proxy; −inf where it failed.
    """
    table = specification.architectures()
    known = table["accuracy"].notna() | unknown
    scores = {
        proxy.name: found["score"].to_numpy(float)[known]
        for proxy in specification.proxies
        if len(found := scored(specification.evaluation_run(proxy), outcomes)) == len(table)
    }
    return table.loc[known, list(TABLE_COLUMNS)].reset_index(drop=True).assign(**scores)


def compared(specification: ComparisonSpecification, outcomes: Outcomes) -> list[dict[str, Any]]:
    """Compare the proxies that are evaluated in full with the first seed.

    Returns:
        One row per proxy, as JSON values, None where undefined or unknown: the correlations with intervals (``rho``,
        ``rho_low``, …), ``partial_rho`` given parameters and FLOPs, ``n``, ``failed`` with some of the
        ``failed_architectures``, ``notes``, ``seed_rhos``, ``seconds_per_architecture`` and ``peak_megabytes`` (None
        for proxies read from the table).
    """
    return [row for proxy in specification.proxies if (row := _row(specification, proxy, outcomes))]


def _row(specification: ComparisonSpecification, proxy: NamedProxy, outcomes: Outcomes) -> dict[str, Any] | None:
    evaluation_run = specification.evaluation_run(proxy)
    found, count = scored(evaluation_run, outcomes), len(specification.architectures())
    if len(found) < count:
        return None
    judged = found[found["accuracy"].notna()]
    score, accuracy = judged["score"].to_numpy(float), judged["accuracy"].to_numpy(float)
    estimates = _statistics(score, accuracy)
    rho, computed = estimates["rho"], found["seconds"].sum() > 0
    partial = statistics.partial_spearman(score, accuracy, [judged[size] for size in SIZES])
    failed = found.loc[found["diverged"], "architecture"]
    return {
        "name": proxy.name,
        "title": proxy.title,
        **estimates,
        "partial_rho": statistics.or_none(partial),
        "n": len(judged),
        "failed": len(failed),
        "failed_architectures": failed.head(MOST_NAMED).tolist(),
        "notes": notes(found),
        "seed_rhos": [] if rho is None else [rho, *_with_other_seeds(specification, proxy, outcomes)],
        "seconds_per_architecture": float(found["seconds"].mean()) if computed else None,
        "peak_megabytes": statistics.or_none(found["peak_bytes"].max() / 1e6) if computed else None,
    }


def _statistics(score: np.ndarray, accuracy: np.ndarray) -> dict[str, float | None]:
    values: dict[str, float | None] = {}
    for name, statistic in BOOTSTRAPPED.items():
        values |= statistics.bootstrap_interval(statistic, score, accuracy).as_dict(name)
    return values


def _with_other_seeds(specification: ComparisonSpecification, proxy: NamedProxy, outcomes: Outcomes) -> list[float]:
    """Return ρ with each further seed that is evaluated in full."""
    count, rhos = len(specification.architectures()), []
    for seed in specification.seeds[1:]:
        found = scored(specification.evaluation_run(proxy, seed), outcomes)
        judged = found[found["accuracy"].notna()]
        if len(found) == count:
            rhos.append(statistics.spearman(judged["score"].to_numpy(float), judged["accuracy"].to_numpy(float)))
    return [rho for rho in rhos if not math.isnan(rho)]
