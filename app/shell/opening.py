"""Opening a run on the page of its kind."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.shell import state
from app.shell.choice import with_run
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
    Run,
)

PAGES = {
    EvaluationSpecification.kind: "../pages/proxy.py",
    ProxySearchSpecification.kind: "../pages/proxy_search.py",
    ComparisonSpecification.kind: "../pages/correlations.py",
    RankingSpecification.kind: "../pages/learned_ranking.py",
    LandscapeSpecification.kind: "../pages/landscape.py",
    ArchitectureSearchSpecification.kind: "../pages/architecture_search.py",
}

KINDS = {Path(page).stem: kind for kind, page in PAGES.items()}
"""Kind of the runs that a page shows, by the page's path."""


def open_run(run: Run) -> None:
    """Show a run on the page of its kind, with its settings in the controls."""
    page = PAGES[run.kind]
    state.show_on(Path(page).stem, with_run(state.choice(), run))
    st.switch_page(page)
