"""Export of a comparison as files."""

from __future__ import annotations

from typing import Any

import pandas as pd

from app.correlations.charts.grid import proxy_grid_data, proxy_grid_figure
from app.shell.downloads import File, export_panel, figure_file
from eproxy_engine.runs import Run, Store


def comparison_export(store: Store, run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Offer table, scores, figure, the whole run, and the command that repeats it."""
    table = File(
        "Table as CSV",
        "proxies",
        "csv",
        lambda: pd.DataFrame(rows).to_csv(index=False),
        "One row per proxy: every statistic with its interval, the ρ of every seed, cost, failures.",
    )
    per_architecture = File(
        "Scores as CSV",
        "proxy-scores",
        "csv",
        lambda: scores.to_csv(index=False),
        "One row per architecture, one column per proxy; −inf where it failed.",
        icon=":material/table_rows:",
    )
    figure = figure_file("Scatter plots as HTML", "proxies", lambda: proxy_grid_figure(proxy_grid_data(scores, rows)))
    export_panel(store, run, [table, per_architecture, figure])
