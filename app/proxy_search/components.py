"""Components that make a configuration good."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.proxy_search.charts.components import active, component_title, varying
from app.proxy_search.charts.features import features_data, features_figure
from app.proxy_search.charts.importance import (
    DpsImportanceData,
    importance_data,
    importance_figure,
    most_important,
)
from app.proxy_search.charts.parallel import MOST_AXES, parallel_data, parallel_figure
from app.views.drawn import drawn
from eproxy_engine.runs import Run
from eproxy_engine.search.proxy_search.search import Trial


def components_panel(run: Run, trials: list[Trial]) -> None:
    """Show importance, features in branches, and parallel coordinates."""
    with st.spinner("Weighing the components …"):
        found = _importance(run.id, len(trials), trials)
    importance = None if found is None else DpsImportanceData(*found)
    st.plotly_chart(
        importance_figure(importance), key="importance", alt="Importance of each component for ρ on the sample"
    )
    if importance is not None:
        st.caption(
            "How much each component sets the best fifth apart from the others. Related configurations also share "
            "components that do not matter, so take a bar as a hint, and only if it exceeds its chance mark."
        )
    st.plotly_chart(
        drawn(features_figure, features_data(trials)),
        key="features",
        alt="Features in the branches of the best fifth of configurations, against all",
    )
    names = varying(active(trial.configuration) for trial in trials)
    chosen = st.multiselect(
        "Axes",
        names,
        format_func=component_title,
        key="parallel-axes",
        placeholder="the most important components",
        help="Components shown below; if none is chosen, the most important ones. Drag along an axis to select "
        "configurations.",
    )
    axes = chosen or (most_important(importance) if importance else names)[:MOST_AXES]
    st.plotly_chart(
        drawn(parallel_figure, parallel_data(trials, axes)),
        key="parallel",
        height=420,
        alt="Components of every configuration, coloured by ρ",
    )


@st.cache_data(max_entries=20, show_spinner=False)
def _importance(run_id: str, count: int, _trials: list[Trial]) -> tuple[Any, ...] | None:
    """Compute the importance once per number of trials: it takes about a second."""
    found = importance_data(_trials)
    return None if found is None else tuple(found)
