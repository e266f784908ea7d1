"""Correlations: any number of proxies on the same architectures, side by side."""

import streamlit as st

from app.controls.images import images_form
from app.controls.sample import sample_form
from app.correlations.compared import compared_panel
from app.correlations.form import comparison_form
from app.correlations.launch import compared_by, comparison_launch_panel
from app.shell import state
from app.shell.live import live
from app.shell.missing_run import stop_without_the_run
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ComparisonSpecification, Run

store = state.store()
runs = store.runs()
comparisons = [run for run in runs if isinstance(run.specification, ComparisonSpecification)]

with st.sidebar:
    st.subheader("Architectures")
    chosen = sample_form(state.choice())
    st.subheader("Compared proxies")
    chosen = comparison_form(chosen, runs)
    st.subheader("Images")
    state.keep(images_form(chosen))


def wanted() -> ComparisonSpecification | None:
    """What the controls say, if it means something."""
    try:
        return compared_by(state.choice(), runs)
    except UserError:
        return None


def shown_run() -> Run | None:
    """The run of the address, else one of just what the controls say, else the newest of their space, else any."""
    given, said = state.choice().specification, wanted()
    same = [run for run in comparisons if run.id == state.choice().run]
    same += [run for run in comparisons if run.specification == said]
    same += [
        run for run in comparisons if (run.specification.space, run.specification.task) == (given.space, given.task)
    ]
    return next(iter(same + comparisons), None)


comparison_launch_panel(store, runs)
stop_without_the_run(runs)
shown = shown_run()


if shown is None:
    st.info(
        "Nothing has been compared yet. Choose proxies on the left and press **Compare**: the paper's on a hundred "
        "architectures take about two minutes.",
        icon=":material/compare:",
    )
else:
    live(store, shown, lambda store, run: compared_panel(store, run, run.specification != wanted()), seconds=3)
