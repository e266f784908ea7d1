"""Proxy page: tune a configuration, launch its evaluation, watch it, read how well it ranks, alone or beside others."""

from dataclasses import replace

import streamlit as st

from app.controls.images import images_form
from app.controls.proxy import proxy_form
from app.controls.sample import sample_form
from app.proxy.launch import launch_panel
from app.proxy.reference import reference_bar, reference_of
from app.proxy.results import results_panel
from app.shell import state
from app.shell.errors import show_error
from app.shell.heading import run_heading
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from app.shell.progress import progress_panel
from app.shell.shown_run import runs_of, shown_run
from app.shell.wording import plain
from app.views.evaluated import evaluation_of
from app.views.preview import preview_panel
from eproxy_engine.errors import UserError
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.store import ACTIVE

with st.sidebar:
    chosen = sample_form(state.choice())
    chosen = proxy_form(chosen)
    state.keep(images_form(chosen))

store = state.store()
everything = store.runs()
runs = runs_of(everything, EvaluationSpecification)

launch_panel(store, runs)
with st.expander(
    "What the proxy sees and learns: images and targets", icon=":material/visibility:", on_change="rerun"
) as preview:
    if preview.open:
        try:
            preview_panel(state.choice().specification)
        except UserError as error:
            show_error(error)

stop_without_the_run(everything)
shown = shown_run(runs, state.choice().specification)


def run_panel(store: Store, run: Run) -> None:
    """Show progress and results of the run, beside those of its reference."""
    choice, reference = state.choice(), reference_of(runs, run)
    differs = run.specification != choice.specification
    run_heading(run, differs, lambda: replace(choice, specification=evaluation_of(run), run=run.id))
    progress_panel(store, run)
    if reference:
        reference = store.run(reference.id)
        if reference.status != "finished":
            st.caption(f"The reference: {plain(reference.name)}")
        progress_panel(store, reference)
    reference_bar(run, reference)
    if run.progress.get("done") or run.result:
        results_panel(store, run, reference)


if shown is None:
    st.info(
        "Nothing has been evaluated yet. Press **Evaluate**; the default takes about a minute. "
        "Or press **With and without**: the same architectures with and without the barrier, side by side.",
        icon=":material/play_arrow:",
    )
else:
    other = reference_of(runs, shown)
    followed = other if other and other.status in ACTIVE and shown.status not in ACTIVE else shown
    live(store, followed, lambda store, _: run_panel(store, store.run(shown.id)), seconds=1.5)
