"""Architecture search page: launch strategies, watch them, see what they found at what cost, and export it."""

import streamlit as st

from app.architecture_search.form import architecture_search_form
from app.architecture_search.launch import launch_panel
from app.architecture_search.run import searches_panel
from app.architecture_search.shown import searches_here, shown_searches
from app.shell import state
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from eproxy_engine.runs.store import ACTIVE

store = state.store()
runs = store.runs()

with st.sidebar:
    state.keep(architecture_search_form(state.choice(), runs))

launch_panel(store, runs)
stop_without_the_run(runs)
shown = shown_searches(runs)

if shown:
    followed = next((run for run in shown if run.status in ACTIVE), shown[0])
    live(store, followed, lambda store, run: searches_panel(store, [each.id for each in shown]))
elif searches_here(runs):
    st.info("Choose runs above to look at them.", icon=":material/checklist:")
else:
    st.info(
        "No architecture search on this space and task yet. Press **Search**. Strategies that use only known "
        "accuracies take a second; a proxy needs time for each architecture that it scores.",
        icon=":material/hub:",
    )
