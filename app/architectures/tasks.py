"""Agreement of a search space's tasks."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.architectures.charts.tasks import TaskCorrelations, task_correlations, task_correlations_figure
from app.views.drawn import drawn
from eproxy_engine import benchmarks
from eproxy_engine.benchmarks import imported

ROW_HEIGHT = 34
MARGINS_HEIGHT = 200
EVERYTHING = (
    "Adds parameters, FLOPs and accuracies after few epochs (TASK@EPOCHS), which agree less with the final accuracies."
)


def tasks_panel(space: str) -> None:
    """Show a heat map of rank correlations between everything that is measured."""
    data = TaskCorrelations(*_correlations(space, tuple((each.name, each.created) for each in imported.imports(space))))
    final = data.of_tasks()
    shown = data
    if 1 < len(final.names) < len(data.names):
        everything = st.toggle("With size and early stopping", key="tasks-everything", help=EVERYTHING)
        shown = data if everything else final
    height = MARGINS_HEIGHT + ROW_HEIGHT * len(shown.names)
    figure = drawn(task_correlations_figure, shown)
    st.plotly_chart(figure, key=f"tasks-{len(shown.names)}", height=height, alt="Correlations between tasks")
    st.caption(
        "Spearman's ρ over the architectures measured on both. Where tasks disagree, no proxy can rank well on all of "
        "them."
    )


@st.cache_data(max_entries=40, show_spinner=False)
def _correlations(space: str, imports: tuple[tuple[str, float], ...]) -> tuple[Any, ...]:
    """Compute the correlations once; ``imports`` tells changed tables apart."""
    return tuple(task_correlations(benchmarks.load(space), [task.name for task in benchmarks.tasks(space)]))
