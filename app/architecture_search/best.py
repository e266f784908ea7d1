"""Best accuracy against queries of several searches."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.architecture_search.charts.best import best_data, best_figure
from app.architecture_search.shown import run_title, search_of, searched
from app.charts.layout import plain_title
from app.shell import state
from app.shell.wording import accuracy_title, plain
from app.views.drawn import drawn
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run, Store

SCALES = ("logarithmic", "linear")


def best_panel(store: Store, shown: list[Run], runs: list[Run]) -> None:
    """Show staircases of queried accuracies, and a table for searches that only scored."""
    given = state.choice().specification
    unit = benchmarks.task(given.space, given.task).unit
    digits = 2 if unit == "%" else 4
    queried = [run for run in shown if search_of(run).settings.queries]
    if queried:
        scale = st.segmented_control("Queries", SCALES, default=SCALES[0], required=True, key="nas-scale")
        figure = drawn(
            best_figure,
            best_data(searched(queried, runs), digits),
            accuracy_title=accuracy_title(unit),
            logarithmic=scale == SCALES[0],
            digits=digits,
        )
        st.plotly_chart(figure, key="nas-best", height=460, alt=plain_title(figure))
        st.caption("Lines are medians over the seeds, bands their quartiles.")
    for run in shown:
        if not search_of(run).settings.queries:
            _scored_only(run, runs, unit, digits)


def _scored_only(run: Run, runs: list[Run], unit: str, digits: int) -> None:
    """Show what a search without queries would propose."""
    st.markdown(f"**{plain(run_title(run, runs))}**: nothing was queried; the proxy alone decides.")
    if run.result is None:
        st.caption("Its best architectures appear at the end.")
        return
    title = accuracy_title(unit)
    rows = pd.DataFrame(
        [
            {"seed": each["seed"], "architecture": best["architecture"], title: best["accuracy"]}
            for each in run.result["searches"]
            for best in each["by_score"][:1]
        ]
    )
    number = st.column_config.NumberColumn(format=f"%.{digits}f")
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        placeholder="–",
        key=f"nas-scored-{run.id}",
        column_config={title: number},
    )
    known = "with the accuracy from the benchmark" if rows[title].notna().any() else "of unknown accuracy"
    st.caption(f"The best of each seed by the proxy's score, {known}.")
