"""Which components make a configuration good."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.charts.components import active, component_title, varying
from app.charts.dps_features import dps_features_data, dps_features_figure
from app.charts.dps_importance import DpsImportanceData, dps_importance_data, dps_importance_figure, most_important
from app.charts.dps_parallel import MOST_AXES, dps_parallel_data, dps_parallel_figure
from eproxy_engine.runs import Run
from eproxy_engine.search.dps import Trial


def components_panel(run: Run, trials: list[Trial]) -> None:
    """Importance, features in branches, and parallel coordinates."""
    with st.spinner("Weighing the components …"):
        found = _importance(run.id, len(trials), trials)
    importance = None if found is None else DpsImportanceData(*found)
    st.plotly_chart(
        dps_importance_figure(importance), key="importance", alt="Importance of each component for ρ on the sample"
    )
    if importance is not None:
        st.caption(
            "How much each component sets the best fifth apart from the others. Relatives share more than what makes "
            "them good, so read a bar as a hint, and only where it is beyond its mark of chance."
        )
    st.plotly_chart(
        dps_features_figure(dps_features_data(trials)),
        key="features",
        alt="Features in the branches of the best fifth of the configurations, against all",
    )
    names = varying(active(trial.configuration) for trial in trials)
    chosen = st.multiselect(
        "Axes",
        names,
        format_func=component_title,
        key="parallel-axes",
        placeholder="the most important components",
        help="Components that are shown below; none chosen: the most important ones. Drag along an axis to pick out "
        "configurations.",
    )
    axes = chosen or (most_important(importance) if importance else names)[:MOST_AXES]
    st.plotly_chart(
        dps_parallel_figure(dps_parallel_data(trials, axes)),
        key="parallel",
        height=420,
        alt="Components of every configuration, coloured by ρ",
    )


@st.cache_data(max_entries=20, show_spinner=False)
def _importance(run_id: str, count: int, _trials: list[Trial]) -> tuple[Any, ...] | None:
    """Kept while no trial comes: it takes about a second."""
    found = dps_importance_data(_trials)
    return None if found is None else tuple(found)
