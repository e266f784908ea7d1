"""Export of an architecture search as files."""

from __future__ import annotations

import json

from app.architecture_search.trials import trials_of
from app.shell.downloads import File, export_panel
from eproxy_engine.runs import Run, Store


def search_export(store: Store, run: Run) -> None:
    """Offer history, result, the whole run, and the command that repeats it."""
    history = File(
        "History as CSV",
        "history",
        "csv",
        lambda: trials_of(Store(store.path), run).to_csv(index_label="trial"),
        "One row per trial of the first seed.",
    )
    result = File(
        "Result as JSON",
        "search",
        "json",
        json.dumps(run.result, indent=2),
        "What each seed found, with every improvement and its query.",
        disabled=run.result is None,
    )
    export_panel(store, run, [history, result])
