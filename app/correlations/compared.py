"""Progress and results of a comparison of proxies."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from app.correlations.ensemble import ensemble_panel
from app.correlations.export import comparison_export
from app.correlations.overview import overview_panel
from app.correlations.points import points_panel, rank_rank_panel
from app.correlations.table import cost_panel, size_panel, table_panel
from app.shell import state
from app.shell.choice import with_run
from app.shell.heading import run_heading
from app.shell.progress import progress_panel
from app.shell.tabs import tabs_panel
from eproxy_engine.proxy import Outcome
from eproxy_engine.runs import ComparisonSpecification, Run, Store
from eproxy_engine.runs.kinds.comparison.plan import compared, scores_of
from eproxy_engine.runs.kinds.registry import plan_of
from eproxy_engine.runs.plan import replayed


def compared_panel(store: Store, run: Run, differs: bool) -> None:
    """Show title, progress and one tab per view. ``differs``: the controls differ from the run's settings."""
    run_heading(run, differs, lambda: with_run(state.choice(), run))
    progress_panel(store, run)
    scores, rows = compared_of(store, run)
    if not rows:
        st.caption("Results appear once the first proxy is fully evaluated.")
        return
    panels = {
        "Overview": lambda: overview_panel(run, scores, rows),
        "Table": lambda: table_panel(run, rows),
        "Scatter": lambda: points_panel(run, scores, rows),
        "Rank against rank": lambda: rank_rank_panel(run, scores, rows),
        "What they share": lambda: size_panel(run, scores, rows),
        "Cost": lambda: cost_panel(run, rows),
        "Ensemble": lambda: ensemble_panel(run, scores, rows),
        "Export": lambda: comparison_export(store, run, scores, rows),
    }
    tabs_panel(panels, "compared-tab")


def compared_of(store: Store, run: Run) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return scores and rows of all fully evaluated proxies, computed again only when one more is complete."""
    finished = run.status == "finished"
    about = str(store.path), json.dumps(run.specification.as_dict()), run.id, (run.progress.get("steps", 0), finished)
    return _scores(*about), run.result["proxies"] if finished and run.result else _rows(*about)


@st.cache_data(max_entries=10, show_spinner=False)
def _scores(path: str, specification: str, run_id: str, progress: tuple[int, bool]) -> pd.DataFrame:
    return scores_of(*_replayed(path, specification))


@st.cache_data(max_entries=10, show_spinner="Computing the correlations …")
def _rows(path: str, specification: str, run_id: str, progress: tuple[int, bool]) -> list[dict[str, Any]]:
    return compared(*_replayed(path, specification))


def _replayed(path: str, specification: str) -> tuple[ComparisonSpecification, dict[str, Outcome]]:
    given = ComparisonSpecification.from_dict(json.loads(specification))
    return given, replayed(plan_of(given), Store(path).outcomes).outcomes
