"""Loss landscape: surfaces of architectures with and without the barrier, seen, measured and exported."""

import streamlit as st

from app import state
from app.errors import told
from app.forms.images import images_form
from app.forms.landscape import eproxy_form, landscape_form
from app.forms.sample import sample_form
from app.panels.landscape_launch import landscape_launch_panel
from app.panels.landscape_run import landscape_run_panel, shown_landscapes
from eproxy_engine.runs import LandscapeSpecification
from eproxy_engine.runs.store import ACTIVE

with st.sidebar:
    st.subheader("Architectures")
    chosen = sample_form(state.choice())
    st.subheader("Landscape")
    chosen = landscape_form(chosen)
    st.subheader("Proxy")
    chosen = eproxy_form(chosen)
    st.subheader("Images")
    state.keep(images_form(chosen))

store = state.store()
runs = store.runs()
landscapes = [run for run in runs if isinstance(run.specification, LandscapeSpecification)]

landscape_launch_panel(store, runs)
shown = shown_landscapes(landscapes)


@st.fragment(run_every=2 if shown is not None and shown.status in ACTIVE else None)
@told()
def run_panel(run_id: str, was_active: bool) -> None:
    """The run's progress and what is known so far; refreshes itself while the run goes on."""
    run = store.run(run_id)
    if was_active and run.status not in ACTIVE:
        st.rerun()
    landscape_run_panel(store, run)


if shown is None:
    st.info(
        "No landscape yet. Press **Compute**: the best and the worst architecture of the sample on the left, with and "
        "without the barrier, row by row.",
        icon=":material/landscape:",
    )
else:
    run_panel(shown.id, shown.status in ACTIVE)
