"""Tables of architecture searches side by side, and of the paper's results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from app.charts.layout import rounded
from eproxy_engine.search.architecture_search import published

COLUMNS = (
    "run",
    "strategy",
    "proxy",
    "seeds",
    "queries",
    "spent",
    "best accuracy",
    "regret",
    "found the optimum",
    "queries to the optimum",
    "median",
    "jumps",
    "evaluations",
    "training (s)",
)


class Compared(NamedTuple):
    """A run with a result."""

    name: str
    strategy: str
    proxy: str
    result: Mapping[str, Any]
    """Result of an architecture search."""


def searches_table(runs: Sequence[Compared], digits: int = 2) -> pd.DataFrame:
    """Return :data:`COLUMNS` of every run, smallest regret first, unknown values empty. ``digits``: for accuracies.

    Means are over seeds, with their standard error. The regret is the optimum minus the mean. Queries to the optimum
    are those of the seeds that found it, so they say little if few did.
    """
    lines = [_line(run, digits) for run in runs]
    lines.sort(key=lambda line: math.inf if math.isnan(line["regret"]) else line["regret"])
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _line(run: Compared, digits: int) -> dict[str, Any]:
    result = run.result
    accuracy, optimum, to_optimum = result["accuracy"], result["optimum"], result["queries_to_optimum"]
    known = accuracy["mean"] is not None and optimum is not None
    return {
        "run": run.name,
        "strategy": run.strategy,
        "proxy": run.proxy,
        "seeds": len(result["searches"]),
        "queries": max(each["queries"] for each in result["searches"]),
        "spent": result["spent"],
        "best accuracy": spread(accuracy, digits),
        "regret": round(optimum["accuracy"] - accuracy["mean"], digits) + 0.0 if known else math.nan,
        "found the optimum": f"{to_optimum['n']} of {to_optimum['of']}",
        "queries to the optimum": spread(to_optimum, 0),
        "median": math.nan if to_optimum["median"] is None else float(to_optimum["median"]),
        "jumps": sum(each.get("jumps", 0) for each in result["searches"]),
        "evaluations": result["evaluations"],
        "training (s)": round(result["seconds_of_training"]),
    }


def spread(values: Mapping[str, Any], digits: int) -> str:
    """Format mean and standard error; empty if there is no mean.

    >>> spread({"mean": 174.2, "standard_error": 23.4}, 0), spread({"mean": None, "standard_error": None}, 2)
    ('174 ± 23', '')
    """
    if values["mean"] is None:
        return ""
    error = values["standard_error"]
    return rounded(values["mean"], digits) + ("" if error is None else f" ± {rounded(error, digits)}")


def table_6() -> pd.DataFrame:
    """Return the published Table 6, on NAS-Bench-101."""
    rows = [(each.method, each.queries, each.accuracy) for each in published.nasbench101()]
    return pd.DataFrame(rows, columns=["method", "queries", "test accuracy (%)"])


def table_7(task: str) -> pd.DataFrame:
    """Return the published Table 7, on NAS-Bench-201; without rows for a task that the paper lacks."""
    rows = [
        (each.method, each.queries, each.spent, "yes" if each.transferred else "")
        for each in published.nasbench201(task)
    ]
    return pd.DataFrame(rows, columns=["method", "queries to the optimum", "spent besides", "transferred"])


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
