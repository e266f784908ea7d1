"""What a report says of an evaluation run."""

from __future__ import annotations

import math

import pandas as pd

from app.charts.loss_curves import loss_curves_data, loss_curves_figure
from app.charts.report import Section
from app.charts.scatter import scatter_data, scatter_figure
from app.shell.wording import accuracy_title, estimate, score_title
from app.views.colours import proxy_colour
from app.views.evaluated import evaluation_of
from eproxy_engine import benchmarks
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.scoring import first_of

MOST_ROWS = 30


def sections(store: Store, run: Run) -> list[Section]:
    """Return score against accuracy, the references, loss curves and the architectures with the highest scores."""
    given, result = evaluation_of(run), run.result or {}
    rows = stored_rows(store, given)
    unit = accuracy_title(benchmarks.task(given.space, given.task).unit)
    scatter = scatter_figure(
        scatter_data(rows, result),
        colour=proxy_colour(given.proxy),
        accuracy_title=unit,
        score_title=score_title(given.proxy),
    )
    found = [Section("Score and accuracy", scatter), Section("Beside size alone", table=_references(result))]
    if isinstance(first_of(given.proxy), Configuration):
        found.append(Section("Training", loss_curves_figure(loss_curves_data(rows), accuracy_title=unit)))
    return [*found, Section(f"Highest scores, up to {MOST_ROWS}", table=_best(rows, unit))]


def _references(result: dict) -> pd.DataFrame:
    judged = {"this proxy": result, **result.get("reference", {})}
    columns = {"ρ": "rho", "τ": "tau", "top-10%": "top10"}
    return pd.DataFrame(
        {
            "": "FLOPs" if name == "flops" else name,
            **{title: _text(values, key) for title, key in columns.items()},
            "n": values.get("n"),
        }
        for name, values in judged.items()
    )


def _text(values: dict, name: str) -> str:
    value, interval = estimate(values, name, percent=name == "top10")
    return f"{value} ({interval})"


def _best(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    best = rows.sort_values("score", ascending=False).head(MOST_ROWS)
    return pd.DataFrame(
        {
            "architecture": best["architecture"],
            "score": best["score"].replace({-math.inf: math.nan}),
            unit: best["accuracy"],
            "parameters (M)": best["parameters"] / 1e6,
            "FLOPs (M)": best["flops"] / 1e6,
        }
    )
