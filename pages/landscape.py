"""Loss landscape: surfaces of architectures with and without the barrier, seen, measured and exported."""

import streamlit as st

from app.controls.images import images_form
from app.controls.sample import sample_form
from app.landscape.form import eproxy_form, landscape_form
from app.landscape.launch import landscape_launch_panel
from app.landscape.run import landscape_run_panel, shown_landscapes
from app.shell import state
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from eproxy_engine.runs import LandscapeSpecification

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
stop_without_the_run(runs)
shown = shown_landscapes(landscapes)


if shown is None:
    st.info(
        "No landscape yet. Press **Compute**: the best and the worst architecture of the sample on the left, with and "
        "without the barrier, row by row.",
        icon=":material/landscape:",
    )
else:
    live(store, shown, landscape_run_panel)
