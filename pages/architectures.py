"""Architectures page: pick a search space, a task and a sample, look at the sample, and import accuracies."""

import streamlit as st

from app.architectures.charts.size import size_data, size_figure
from app.architectures.imports import imports_panel
from app.architectures.sample import sample_panel
from app.architectures.spaces import spaces_panel
from app.architectures.tasks import tasks_panel
from app.controls.sample import sample_form
from app.shell import state
from app.shell.errors import told
from app.shell.plugins import plugin_problems_panel
from app.shell.tabs import tabs_panel
from app.shell.titled import titled
from app.shell.wording import accuracy_title, plain
from app.views.drawn import drawn
from eproxy_engine import benchmarks, spaces

with st.sidebar:
    state.keep(sample_form(state.choice(), expanded=True))

choice = state.choice()
space, task = (
    spaces.get(choice.specification.space),
    benchmarks.task(choice.specification.space, choice.specification.task),
)
known = benchmarks.known(space.name, task.name)
with st.spinner("Counting parameters and FLOPs …"):
    sample = choice.specification.architectures()

titled("Architectures")
plugin_problems_panel()
counted = f"{len(known):,} with a known accuracy, {len(sample):,} in the sample"
st.caption(f"{plain(space.title)} · {plain(task.title)} · {counted}")
if known.empty:
    missing = f"No accuracy of {plain(space.title)} comes with the product."
    st.info(f"{missing} {space.ground_truth_hint}", icon=":material/info:")


def size_panel() -> None:
    """Show how well size alone ranks the architectures."""
    figure = drawn(
        size_figure,
        size_data(known, sample["architecture"].tolist(), state.choice().architecture),
        accuracy_title=accuracy_title(task.unit),
    )
    st.plotly_chart(figure, key="size", height=460, alt="Accuracy against parameters and FLOPs")
    st.caption("How well size alone ranks the architectures. Every proxy has to beat this.")


@st.fragment
@told()
def tabs() -> None:
    """Show the tabs; another one is opened without running the page."""
    panels = {
        "Sample": lambda: sample_panel(known, sample),
        "Accuracy and size": size_panel,
        "Tasks": lambda: tasks_panel(space.name),
        "All search spaces": spaces_panel,
        "Import accuracies": lambda: imports_panel(space.name),
    }
    tabs_panel(panels, "architectures-tab")


tabs()
st.page_link("../pages/proxy.py", label="Next: tune a proxy on this sample", icon=":material/arrow_forward:")
