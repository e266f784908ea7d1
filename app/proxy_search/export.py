"""Export of a search as files."""

from __future__ import annotations

import json

import pandas as pd

from app.proxy_search.charts.components import component_title, value_text
from app.proxy_search.charts.history import history_data, history_figure
from app.proxy_search.found import found_by
from app.proxy_search.trials import members_of, search_of
from app.shell.downloads import File, export_panel, figure_file
from eproxy_engine.runs import Run, Store
from eproxy_engine.scoring.proxy import to_yaml
from eproxy_engine.search.proxy_search.proxy_space import components
from eproxy_engine.search.proxy_search.search import Trial


def search_export(store: Store, run: Run, trials: list[Trial]) -> None:
    """Offer the proxy, the history, a figure, the whole run, and the command that repeats it."""
    found = found_by(run, trials)
    proxy = File(
        "Proxy as YAML",
        "proxy",
        "yaml",
        "" if found is None else to_yaml(found.proxy),
        "A file for `evaluate --config` and the Proxy page.",
        disabled=found is None,
    )
    history = File("History as CSV", "history", "csv", lambda: history_table(trials).to_csv(index=False))
    figure = figure_file(
        "History as HTML",
        "history",
        lambda: history_figure(history_data(trials, search_of(run).settings.first, members_of(run))),
    )
    export_panel(store, run, [proxy, history, figure])


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
