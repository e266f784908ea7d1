"""Diagram and targets of the proxy that a search has found."""

from __future__ import annotations

import streamlit as st

from app.controls.use import use_button
from app.proxy_search.charts.components import configuration_lines
from app.proxy_search.charts.configuration import configuration_dot
from app.proxy_search.trials import search_of
from app.views.architecture import dark_theme
from app.views.barrier_story import barrier_off
from app.views.preview import targets_panel
from eproxy_engine.runs import Run
from eproxy_engine.scoring import Ensemble
from eproxy_engine.search.proxy_search.found import Found, proxy_found
from eproxy_engine.search.proxy_search.search import Trial


def found_panel(run: Run, trials: list[Trial]) -> None:
    """Show a summary, each member as a diagram, the target maps, and a button to use the proxy."""
    found = found_by(run, trials)
    if found is None:
        st.info("No configuration has been fully evaluated yet.", icon=":material/hourglass_empty:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_sentence(found, trials), width="stretch")
        use_button(found.proxy, run.id, key=f"found-{run.id}")
    member = 0
    if len(found.places) > 1:
        labels = [f"{n + 1}: trial {place + 1}, ρ {trials[place].rho:.2f}" for n, place in enumerate(found.places)]
        chosen = st.segmented_control("Member", labels, default=labels[0], key=f"member-{run.id}")
        member = labels.index(chosen) if chosen in labels else 0
    configuration = trials[found.places[member]].configuration
    st.graphviz_chart(configuration_dot(configuration, dark_theme()), width="stretch", alt="The configuration drawn")
    with st.expander("In words", icon=":material/notes:"):
        st.markdown("\n".join(f"- {line}" for line in configuration_lines(configuration)))
    given = search_of(run)
    targets_panel(configuration, given.images, given.seed, key=f"found-{run.id}-{member}")


def found_by(run: Run, trials: list[Trial]) -> Found | None:
    """Return the proxy found by the trials so far; None until one is fully evaluated."""
    if not any(trial.scores for trial in trials):
        return None
    given = search_of(run)
    return proxy_found(given.problem(), trials, given.settings)


def _sentence(found: Found, trials: list[Trial]) -> str:
    bare = barrier_off(found.proxy)
    barrier = f" It **{bare}**, and *Use this proxy* takes it so." if bare else ""
    if not isinstance(found.proxy, Ensemble):
        return f"**One configuration**, ρ {found.rho:.2f} on its sample (optimistic).{barrier}"
    share = found.proxy.flops_share
    flops = f" and, with weight {share:g}, of the FLOPs" if share else ""
    return (
        f"**The mean rank of {len(found.places)} configurations**{flops}: ρ {found.rho:.2f} on its sample, its best "
        f"member alone {trials[found.places[0]].rho:.2f} (both optimistic). The diagram shows one member at a time."
        f"{barrier}"
    )
