"""Proxy search page: launch Discrete Proxy Search, watch it, understand and judge its result, and use it."""

import streamlit as st

from app.controls.images import images_form
from app.proxy_search.comparison import comparison_panel
from app.proxy_search.form import search_form
from app.proxy_search.launch import launch_panel, specified
from app.proxy_search.run import run_panel
from app.proxy_search.searched import searched_panel
from app.shell import state
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from app.shell.shown_run import runs_of, shown_run
from eproxy_engine.runs import ProxySearchSpecification

with st.sidebar:
    chosen = search_form(state.choice())
    state.keep(images_form(chosen))

store = state.store()
runs = store.runs()
searches = runs_of(runs, ProxySearchSpecification)

launch_panel(store, runs)
with st.expander("What is searched", icon=":material/deployed_code:", on_change="rerun") as searched:
    if searched.open:
        searched_panel(state.choice().proxy_search.settings)

stop_without_the_run(runs)
shown = shown_run(searches, specified())


if shown is None:
    st.info(
        "No search yet. Press **Search** to try configurations on the architectures chosen on the left and to see live "
        "how well they rank them.",
        icon=":material/travel_explore:",
    )
else:
    live(store, shown, run_panel)
    if len(searches) > 1:
        with st.expander(
            "Compare searches", icon=":material/compare:", key="searches-compared", on_change="rerun"
        ) as compared:
            if compared.open:
                comparison_panel(store, searches, shown.id)
