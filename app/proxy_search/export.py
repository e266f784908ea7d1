"""Export of a search as files."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from app.proxy_search.charts.components import component_title, value_text
from app.proxy_search.charts.history import history_data, history_figure
from app.proxy_search.found import found_by
from app.proxy_search.trials import members_of, search_of
from app.shell.command import command_panel
from app.shell.downloads import figure_download, run_download
from eproxy_engine.runs import Run, Store
from eproxy_engine.scoring.proxy import to_yaml
from eproxy_engine.search.proxy_search.proxy_space import components
from eproxy_engine.search.proxy_search.search import Trial


def export_panel(store: Store, run: Run, trials: list[Trial]) -> None:
    """Offer the proxy, the history, a figure, the whole run, and the command that repeats it."""
    st.caption("Use the camera icon on a chart to save it as PNG.")
    columns = st.columns(4)
    found = found_by(run, trials)
    columns[0].download_button(
        "Proxy as YAML",
        "" if found is None else to_yaml(found.proxy),
        f"proxy-{run.id}.yaml",
        "application/yaml",
        icon=":material/tune:",
        width="stretch",
        disabled=found is None,
        help="A file for `evaluate --config` and the Proxy page.",
    )
    columns[1].download_button(
        "History as CSV",
        history_table(trials).to_csv(index=False),
        f"history-{run.id}.csv",
        "text/csv",
        icon=":material/table:",
        width="stretch",
    )
    figure_download(
        columns[2],
        "History as HTML",
        lambda: history_figure(history_data(trials, search_of(run).settings.first, members_of(run))),
        f"history-{run.id}.html",
    )
    run_download(columns[3], store, run, "The whole run")
    command_panel(run.specification)


def history_table(trials: list[Trial]) -> pd.DataFrame:
    """Return one row per trial: place, ρ, parent and every component; missing components are empty."""
    rows = []
    for place, trial in enumerate(trials, start=1):
        named = {component_title(name): value_text(value) for name, value in components(trial.configuration).items()}
        rows.append(
            {
                "trial": place,
                "rho": trial.rho,
                "parent": None if trial.parent is None else trial.parent + 1,
                "evaluated": trial.evaluated,
                "diverged": trial.diverged,
                "reused": trial.reused,
                **named,
                "configuration": json.dumps(trial.configuration.as_dict()),
            }
        )
    return pd.DataFrame(rows).astype({"parent": "Int64"})
