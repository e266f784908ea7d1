"""Scoreboard page: the paper's Tables 1 to 5 beside what this installation measured, cell by cell."""

import streamlit as st

from app.scoreboard.chart import chart_panel
from app.scoreboard.details import details_panel
from app.scoreboard.judging import EXPLAINED, legend
from app.scoreboard.launch import launch_all
from app.scoreboard.matrix import FIGURES, matrix_panel
from app.shell import state
from app.shell.errors import told
from app.shell.titled import titled
from eproxy_engine.runs.store import ACTIVE
from eproxy_engine.scoreboard import entries, table, tables

DETAILS_WIDTH, CHART_WIDTH = 600, 440  # pixels; stacked on a narrow page

store = state.store()
active = any(run.status in ACTIVE for run in store.runs())
titled("Scoreboard")
st.caption(
    "The paper's results (arXiv 2210.09459) and, below each, those measured with this product. The paper's networks "
    "have the benchmark's full width; here most are narrow enough for a laptop, on up to 200 architectures. What you "
    "measure yourself takes the place of what ships."
)


@st.fragment(run_every=3 if active else None)
@told()
def board(number: int, was_active: bool) -> None:
    """Show one table with its details; refresh while something runs."""
    runs, shown = store.runs(), table(number)
    if was_active and not any(run.status in ACTIVE for run in runs):
        state.refresh()
    found = entries(shown, runs)
    st.markdown(shown.about)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = shown.parts[0]
        if len(shown.parts) > 1:
            names = {each.name: each for each in shown.parts}
            possible = [entry.cell.part for entry in found if entry.missing or entry.measured or entry.coming]
            name = st.segmented_control(
                "Trained on", list(names), default=(possible or list(names))[0], required=True, key=f"part-{number}"
            )
            part = names[name]
        figure = "rho"
        if any(cell.top10 is not None for cell in part.cells):
            figure = st.segmented_control(
                "Figure",
                list(FIGURES),
                format_func=FIGURES.__getitem__,
                default="rho",
                required=True,
                key=f"figure-{number}",
                help="Top-10% retrieval: the share of the most accurate tenth of architectures that the proxy also "
                "ranks in its top tenth.",
            )
        launch_all(store, runs, found, f"Table {number}")
    here = [entry for entry in found if entry.cell.part == part.name]
    legend(here, figure)
    place, rest = st.columns([3, 7], gap="large") if len(part.columns) == 1 else (st.container(), st.container())
    with place:
        chosen = matrix_panel(part, here, figure, f"matrix-{number}-{part.name}-{figure}")
    with rest:
        st.caption(EXPLAINED)
        with st.container(horizontal=True, gap="large"):
            with st.container(width=DETAILS_WIDTH if len(part.columns) > 1 else "stretch"):
                details_panel(store, runs, chosen)
            with st.container(width=CHART_WIDTH):
                chart_panel(here, f"chart-{number}-{part.name}")


given = tables()
tabs = st.tabs([f"Table {each.number}: {each.title}" for each in given], on_change="rerun", key="scoreboard-tab")
for tab, each in zip(tabs, given, strict=True):
    if tab.open:
        with tab:
            board(each.number, active)
