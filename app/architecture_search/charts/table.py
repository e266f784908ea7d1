"""Tables of architecture searches side by side, and of the paper's results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from app.charts.layout import rounded
from eproxy_engine.search.architecture_search import published

COLUMNS = (
    "strategy",
    "proxy",
    "found the optimum",
    "queries to the optimum",
    "best accuracy",
    "regret",
    "queries",
    "spent",
    "seeds",
    "run",
    "jumps",
    "evaluations",
    "training (s)",
    "choosing (s)",
)
WHOLE_NASBENCH101 = 423_624


class Compared(NamedTuple):
    """A run with a result."""

    name: str
    strategy: str
    proxy: str
    result: Mapping[str, Any]
    """Result of an architecture search."""
    own_seconds: float | None
    """Processor time that the strategy took to choose, all seeds together; None if unknown."""


def searches_table(runs: Sequence[Compared], digits: int = 2) -> pd.DataFrame:
    """Return :data:`COLUMNS` of every run, smallest regret first, unknown values empty. ``digits``: for accuracies.

    Means are over seeds, with their standard error. The regret is the optimum minus the mean.
    """
    lines = [_line(run, digits) for run in runs]
    lines.sort(key=lambda line: math.inf if math.isnan(line["regret"]) else line["regret"])
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _line(run: Compared, digits: int) -> dict[str, Any]:
    result = run.result
    accuracy, optimum = result["accuracy"], result["optimum"]
    known = accuracy["mean"] is not None and optimum is not None
    return {
        "run": run.name,
        "strategy": run.strategy,
        "proxy": run.proxy,
        "seeds": len(result["searches"]),
        "queries": most_queries(result),
        "spent": result["spent"],
        "best accuracy": spread(accuracy, digits),
        "regret": round(optimum["accuracy"] - accuracy["mean"], digits) + 0.0 if known else math.nan,
        "found the optimum": found(result),
        "queries to the optimum": to_optimum(result),
        "jumps": sum(each.get("jumps", 0) for each in result["searches"]),
        "evaluations": result["evaluations"],
        "training (s)": round(result["seconds_of_training"]),
        "choosing (s)": math.nan if run.own_seconds is None else round(run.own_seconds, 1),
    }


def most_queries(result: Mapping[str, Any]) -> int:
    """Return the queries of the seed that asked most."""
    return max(each["queries"] for each in result["searches"])


def found(result: Mapping[str, Any]) -> str:
    """Say how many seeds found the optimum."""
    return f"{result['queries_to_optimum']['n']} of {result['queries_to_optimum']['of']}"


def to_optimum(result: Mapping[str, Any]) -> str:
    """Format the mean queries to the optimum; where a seed missed it, the least that the mean can be.

    A seed that missed it counts with all its queries. Empty if no optimum is known.
    """
    if result["optimum"] is None:
        return ""
    values = result["queries_to_optimum"]
    if values["n"] == values["of"]:
        return spread(values, 0)
    needed = [each["queries_to_optimum"] or each["queries"] for each in result["searches"]]
    return f"over {rounded(sum(needed) / len(needed), 0)}"


def spread(values: Mapping[str, Any], digits: int) -> str:
    """Format mean and standard error; empty if there is no mean.

    >>> spread({"mean": 174.2, "standard_error": 23.4}, 0), spread({"mean": None, "standard_error": None}, 2)
    ('174 ± 23', '')
    """
    if values["mean"] is None:
        return ""
    error = values["standard_error"]
    return rounded(values["mean"], digits) + ("" if error is None else f" ± {rounded(error, digits)}")


def table_6(runs: Sequence[Compared] = (), known: int = 0) -> pd.DataFrame:
    """Return Table 6, on NAS-Bench-101: runs of this dashboard, then the published rows.

    ``known``: number of architectures whose accuracies the runs could look up.
    """
    ours = [
        (f"{run.strategy}, here", most_queries(run.result), spread(run.result["accuracy"], 2), known) for run in runs
    ]
    theirs = [
        (f"{each.method}, paper", each.queries, f"{each.accuracy:.2f}", WHOLE_NASBENCH101)
        for each in published.nasbench101()
    ]
    return pd.DataFrame([*ours, *theirs], columns=["method", "queries", "accuracy (%)", "of architectures"])


def table_7(task: str, runs: Sequence[Compared] = ()) -> pd.DataFrame:
    """Return Table 7, on NAS-Bench-201: runs of this dashboard, then the published rows.

    Without rows for a task that the paper lacks, and without the last column where no proxy was transferred.
    """
    rows = published.nasbench201(task)
    ours = [(f"{run.strategy}, here", found(run.result), to_optimum(run.result), "") for run in runs if rows]
    theirs = [
        (
            f"{each.method}, paper",
            "",
            f"{each.queries:g}" + (f" + {each.spent}" if each.spent else ""),
            "yes" if each.transferred else "",
        )
        for each in rows
    ]
    columns = ["method", "found the optimum", "queries to the optimum", "transferred"]
    table = pd.DataFrame([*ours, *theirs], columns=columns)
    return table if table["transferred"].any() else table.drop(columns="transferred")


def table_8(parameters: int, flops: int) -> pd.DataFrame:
    """Return the published Table 8, on ImageNet, below a network found here with its ``parameters`` and ``flops``."""
    own = ("found here", "not trained here", "", parameters / 1e6, flops / 1e6, math.nan, "this run", "")
    rows = [
        (
            each.method,
            rounded(each.top1, 1),
            rounded(each.top5, 1),
            each.parameters,
            math.nan if each.flops is None else each.flops,
            each.gpu_days,
            each.by,
            each.searched_on,
        )
        for each in published.imagenet()
    ]
    columns = [
        "method",
        "top-1 error (%)",
        "top-5 error (%)",
        "parameters (M)",
        "FLOPs (M)",
        "GPU days",
        "by",
        "searched on",
    ]
    return pd.DataFrame([own, *rows], columns=columns)
