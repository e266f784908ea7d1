"""History of the tried configurations, and the lineage of the best."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app.controls.use import use_button
from app.proxy_search.charts.configuration import configuration_dot
from app.proxy_search.charts.history import history_data, history_figure
from app.proxy_search.charts.lineage import FEWEST_STRETCHED, lineage_data, lineage_dot, lineage_table
from app.proxy_search.trials import members_of, search_of
from app.shell.wording import plain
from app.views.architecture import dark_theme
from app.views.clicked import clicked
from app.views.drawn import drawn
from app.views.point_choice import newly_chosen, point_choice
from eproxy_engine.counted import counted
from eproxy_engine.runs import Run, Store
from eproxy_engine.search.proxy_search.search import Trial


def history_panel(store: Store, run: Run, trials: list[Trial]) -> None:
    """Show ρ against trial; a click on a point shows its configuration."""
    selected = _selected(run, trials)
    data = history_data(trials, search_of(run).settings.first, members_of(run), selected)
    event = st.plotly_chart(
        drawn(history_figure, data),
        key=f"history-{run.id}",
        height=400,
        on_select="rerun",
        selection_mode="points",
        alt="ρ on the sample of every configuration in the order they were tried",
    )
    chosen = point_choice(
        "Trial",
        range(len(trials)),
        selected,
        f"trial-point-{run.id}",
        lambda place: f"{place + 1}: ρ {trials[place].rho:.2f}",
    )
    place = newly_chosen(selected, chosen, None if (point := clicked(event)) is None else int(point))
    if place is not None:
        st.session_state[f"trial-{run.id}"] = place
        st.rerun(scope="fragment")
    if selected is None:
        return
    _trial(run, trials, selected)


def lineage_panel(run: Run, trials: list[Trial]) -> None:
    """Show how the best (or selected) configuration arose, mutation by mutation."""
    selected = _selected(run, trials)
    data = lineage_data(trials, selected)
    st.markdown(f"**{plain(data.title)}**")
    width: Literal["stretch", "content"] = "stretch" if len(data.steps) >= FEWEST_STRETCHED else "content"
    st.graphviz_chart(lineage_dot(data, dark_theme()), width=width, alt="Ancestors of the configuration")
    st.dataframe(lineage_table(data), hide_index=True, height="content")
    if search_of(run).settings.strategy != "evolution":
        st.caption("Only evolution has ancestors. Other strategies draw every configuration independently.")


def _selected(run: Run, trials: list[Trial]) -> int | None:
    place = st.session_state.get(f"trial-{run.id}")
    return place if place is not None and place < len(trials) else None


def _trial(run: Run, trials: list[Trial], place: int) -> None:
    trial = trials[place]
    bounded = "" if trial.scores else f", cut short after {counted(trial.evaluated, 'architecture')}: at most"
    told = f"**Trial {place + 1}**: ρ on the sample{bounded} {trial.rho:.2f}, {trial.diverged} diverged"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(told, width="stretch")
        use_button(trial.configuration, run.id, key=f"trial-{run.id}-{place}")
    st.graphviz_chart(configuration_dot(trial.configuration, dark_theme()), width="stretch", alt="The configuration")
