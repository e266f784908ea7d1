"""Correlations page: any number of proxies on the same architectures, side by side."""

import streamlit as st

from app.controls.images import images_form
from app.controls.sample import sample_form
from app.correlations.compared import compared_panel
from app.correlations.form import comparison_form
from app.correlations.launch import launch_panel, specified_or_none
from app.shell import state
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from app.shell.shown_run import runs_of, shown_run
from eproxy_engine.runs import ComparisonSpecification

store = state.store()
runs = store.runs()

with st.sidebar:
    chosen = sample_form(state.choice())
    chosen = comparison_form(chosen, runs)
    state.keep(images_form(chosen))


launch_panel(store, runs)
stop_without_the_run(runs)
specified = specified_or_none(runs)
shown = shown_run(runs_of(runs, ComparisonSpecification), specified)


if shown is None:
    st.info(
        "Nothing has been compared yet. Choose proxies on the left and press **Compare**. The paper's proxies take "
        "about two minutes on a hundred architectures.",
        icon=":material/compare:",
    )
else:
    live(
        store,
        shown,
        lambda store, run: compared_panel(store, run, run.specification != specified),
        seconds=3,
    )
