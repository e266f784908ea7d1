"""What a report says of an architecture search."""

from __future__ import annotations

from typing import Any

import pandas as pd

from app.architecture_search.charts.best import best_data, best_figure
from app.architecture_search.shown import run_name, search_of, searched_run
from app.charts.report import Section
from app.shell.wording import accuracy_title, rounded_accuracy
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run, Store


def sections(store: Store, run: Run) -> list[Section]:
    """Return the best accuracy against the queries, how each seed went, and what the first one found."""
    given, result = search_of(run), run.result or {}
    unit = benchmarks.task(given.space, given.task).unit
    title, digits = accuracy_title(unit), 2 if unit == "%" else 4
    found = []
    if given.settings.queries:
        data = best_data([searched_run(run, run_name(run, store.runs()), 0)], digits)
        found.append(Section("Best accuracy so far", best_figure(data, accuracy_title=title, digits=digits)))
    seeds = pd.DataFrame([_seed(each, title, unit) for each in result["searches"]])
    best = pd.DataFrame(result["searches"][0]["found"]).dropna(axis="columns", how="all")
    if "accuracy" in best:
        best["accuracy"] = [rounded_accuracy(value, unit) for value in best["accuracy"]]
    return [
        *found,
        Section("Each seed", table=seeds),
        Section(f"Best of seed {result['searches'][0]['seed']}", table=best.rename(columns={"accuracy": title})),
    ]


def _seed(search: dict[str, Any], title: str, unit: str) -> dict[str, Any]:
    best = search["best"] or {"architecture": "none", "accuracy": None}
    accuracy = best["accuracy"]
    found = search["queries_to_optimum"]
    return {
        "seed": str(search["seed"]),
        "queries": search["queries"],
        "queries to the optimum": "not found" if found is None else f"{found:,}",
        title: None if accuracy is None else rounded_accuracy(accuracy, unit),
        "best architecture": best["architecture"],
    }
