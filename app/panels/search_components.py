"""Which components make a configuration good."""

from __future__ import annotations

import streamlit as st

from app.charts.components import active, component_title, varying
from app.charts.dps_features import dps_features_data, dps_features_figure
from app.charts.dps_importance import dps_importance_data, dps_importance_figure
from app.charts.dps_parallel import dps_parallel_data, dps_parallel_figure
from eproxy_engine.search.dps import Trial


def components_panel(trials: list[Trial]) -> None:
    """Importance and features side by side, parallel coordinates below."""
    left, right = st.columns(2)
    left.plotly_chart(
        dps_importance_figure(dps_importance_data(trials)),
        key="importance",
        height=420,
        alt="Importance of each component for ρ on the sample",
    )
    right.plotly_chart(
        dps_features_figure(dps_features_data(trials)),
        key="features",
        height=420,
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
    st.plotly_chart(
        dps_parallel_figure(dps_parallel_data(trials, chosen or None)),
        key="parallel",
        height=420,
        alt="Components of every configuration, coloured by ρ",
    )
