"""Loss landscape page: surfaces of architectures with and without the barrier, drawn, measured and exported."""

import streamlit as st

from app.controls.images import images_form
from app.controls.sample import sample_form
from app.landscape.form import eproxy_form, landscape_form
from app.landscape.launch import launch_panel, specified_or_none
from app.landscape.run import run_panel
from app.shell import state
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from app.shell.shown_run import runs_of, shown_run
from eproxy_engine.runs import LandscapeSpecification

with st.sidebar:
    chosen = sample_form(state.choice())
    chosen = landscape_form(chosen)
    st.header("Proxy")
    chosen = eproxy_form(chosen)
    state.keep(images_form(chosen))

store = state.store()
runs = store.runs()

launch_panel(store, runs)
stop_without_the_run(runs)
shown = shown_run(runs_of(runs, LandscapeSpecification), specified_or_none())


if shown is None:
    st.info(
        "No landscape yet. Press **Compute** to see the best and the worst architecture of the sample on the left, "
        "with and without the barrier, row by row.",
        icon=":material/landscape:",
    )
else:
    live(store, shown, run_panel)
