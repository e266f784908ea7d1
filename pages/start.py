"""Start page: introduction, diagram, first steps, and a finished run."""

import streamlit as st

from app.charts.scatter import scatter_data, scatter_figure
from app.shell import state
from app.shell.shown_run import runs_of
from app.shell.text import text
from app.shell.wording import accuracy_title, plain
from app.start.charts.eproxy import eproxy_dot
from app.views.architecture import dark_theme
from app.views.colours import proxy_colour
from app.views.evaluated import can_be_shown, evaluated_rows, evaluation_of
from eproxy_engine import benchmarks
from eproxy_engine.runs import EvaluationSpecification

STEPS = (
    (
        "../pages/architectures.py",
        "1 · Pick architectures",
        ":material/account_tree:",
        "A search space, a task, a sample.",
    ),
    (
        "../pages/proxy.py",
        "2 · Tune a proxy",
        ":material/tune:",
        "Set targets, barrier and learning rate, then watch.",
    ),
    (
        "../pages/correlations.py",
        "3 · Compare proxies",
        ":material/scatter_plot:",
        "Twenty other proxies on the same architectures.",
    ),
    (
        "../pages/learned_ranking.py",
        "4 · Rank by twenty",
        ":material/leaderboard:",
        "Twenty accuracies weigh many scores and rank all others.",
    ),
    (
        "../pages/proxy_search.py",
        "5 · Search a proxy",
        ":material/travel_explore:",
        "DPS designs a proxy from twenty architectures.",
    ),
    (
        "../pages/architecture_search.py",
        "6 · Search networks",
        ":material/hub:",
        "Use the proxy to find one in a few queries; take its code.",
    ),
    (
        "../pages/why_a_barrier.py",
        "7 · Learn why",
        ":material/school:",
        "A lesson and loss landscapes show what the barrier does.",
    ),
    ("../pages/runs.py", "8 · Look back", ":material/history:", "Open, repeat, export or share any run."),
)
A_ROW = 4

st.title("Eproxy Studio")
st.markdown(text("start", "start"))
st.graphviz_chart(
    eproxy_dot(dark_theme()), width="stretch", alt="Images go through network, transform and barrier layer to the loss"
)
columns = [column for _ in range(0, len(STEPS), A_ROW) for column in st.columns(A_ROW)]
for column, (page, title, icon, what) in zip(columns, STEPS, strict=False):
    with column.container(border=True):
        st.page_link(page, label=f"**{title}**", icon=icon)
        st.caption(what)

store = state.store()
finished = (
    run
    for run in runs_of(store.runs(), EvaluationSpecification)
    if run.status == "finished" and (run.result or {}).get("rho") is not None
)
run = next((run for run in finished if can_be_shown(run)), None)
if run is not None:
    task = benchmarks.task(run.specification.space, run.specification.task)
    st.subheader("The latest finished run" if run.origin == "local" else "A finished run to start with")
    st.caption(plain(run.specification.title))
    figure = scatter_figure(
        scatter_data(evaluated_rows(store, run).dropna(subset=["accuracy"]), run.result or {}),
        colour=proxy_colour(evaluation_of(run).proxy),
        accuracy_title=accuracy_title(task.unit),
    )
    st.plotly_chart(figure, key="start-scatter", alt="Score against accuracy of the latest finished run")
with st.expander("The formula", icon=":material/function:"):
    st.markdown(text("start", "formula"))
