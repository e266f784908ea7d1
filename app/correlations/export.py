"""Export of a comparison as files."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.correlations.charts.grid import proxy_grid_data, proxy_grid_figure
from app.shell.command import command_panel
from app.shell.downloads import figure_download, run_download
from eproxy_engine.runs import Run, Store


def export_panel(store: Store, run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Offer table, scores, figure, the whole run, and the command that repeats it."""
    st.caption("Use the camera icon on a chart to save it as PNG.")
    columns = st.columns(4)
    columns[0].download_button(
        "Table as CSV",
        lambda: pd.DataFrame(rows).to_csv(index=False),
        f"proxies-{run.id}.csv",
        "text/csv",
        icon=":material/table:",
        width="stretch",
        help="One row per proxy: every statistic with its interval, the ρ of every seed, cost, failures.",
    )
    columns[1].download_button(
        "Scores as CSV",
        lambda: scores.to_csv(index=False),
        f"proxy-scores-{run.id}.csv",
        "text/csv",
        icon=":material/table_rows:",
        width="stretch",
        help="One row per architecture, one column per proxy; −inf where it failed.",
    )
    figure_download(
        columns[2],
        "Scatter plots as HTML",
        lambda: proxy_grid_figure(proxy_grid_data(scores, rows)),
        f"proxies-{run.id}.html",
    )
    run_download(columns[3], store, run, "The whole run")
    command_panel(run.specification)
