"""Architecture search: launch strategies, watch them, see what they found and what it cost, and take it away."""

import streamlit as st

from app import state
from app.forms.nas import nas_form
from app.panels.live import live
from app.panels.missing_run import stop_without_the_run
from app.panels.nas_launch import nas_launch_panel
from app.panels.nas_run import searches_panel
from app.panels.nas_shown import searches_here, shown_searches
from eproxy_engine.runs.store import ACTIVE

store = state.store()
runs = store.runs()

with st.sidebar:
    state.keep(nas_form(state.choice(), runs))

nas_launch_panel(store, runs)
stop_without_the_run(runs)
shown = shown_searches(runs)

if shown:
    followed = next((run for run in shown if run.status in ACTIVE), shown[0])
    live(store, followed, lambda store, run: searches_panel(store, [each.id for each in shown]))
elif searches_here(runs):
    st.info("Choose runs above to look at them.", icon=":material/checklist:")
else:
    st.info(
        "No architecture search on this space and task yet. Press **Search**: strategies that go by accuracies alone "
        "take a second where those are known; a proxy needs time for each architecture that it scores.",
        icon=":material/hub:",
    )
