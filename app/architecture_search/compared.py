"""Architecture searches side by side, and the paper's results."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.architecture_search.charts.table import Compared, searches_table, table_6, table_7
from app.architecture_search.form import TITLES
from app.architecture_search.proxy import proxy_title
from app.architecture_search.shown import search_of
from app.shell import state
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run, Store

HELP = {
    "best accuracy": "Mean over the seeds ± standard error.",
    "regret": "Accuracy of the best measured architecture minus the mean.",
    "found the optimum": "Seeds that queried the best measured architecture.",
    "queries to the optimum": "Mean ± standard error over the seeds that found it. Includes the proxy's design.",
    "spent": "Queries of the proxy's design, included in the queries.",
    "median": "Median of the queries to the optimum over the seeds that found it.",
    "jumps": "Trials, of all seeds, at the measured architecture nearest to a mutant that is not measured.",
    "evaluations": "Evaluations that the proxy needed for all seeds together, including stored ones.",
    "training (s)": "Training time of one process for those evaluations.",
}


def compared_panel(store: Store, shown: list[Run], runs: list[Run]) -> None:
    """Show one row per run, and the paper's table if it has one for this space."""
    given = state.choice().specification
    digits = 2 if benchmarks.task(given.space, given.task).unit == "%" else 4
    rows = [_compared(run, runs) for run in shown if run.result is not None]
    if rows:
        columns: dict[str, Any] = {name: st.column_config.Column(help=text) for name, text in HELP.items()}
        columns["regret"] = st.column_config.NumberColumn(help=HELP["regret"], format=f"%.{digits}f")
        st.dataframe(
            searches_table(rows, digits), hide_index=True, height="content", column_config=columns, placeholder="–"
        )
    else:
        st.info("Each run adds a row when it ends.", icon=":material/hourglass_empty:")
    if given.space == "nasbench101":
        _table_6(given.task)
    elif given.space == "nasbench201" and not table_7(given.task).empty:
        _table_7(given.task)


def _compared(run: Run, runs: list[Run]) -> Compared:
    given = search_of(run)
    proxy = proxy_title(given.proxy, runs) if given.settings.needs_proxy else ""
    return Compared(run.id, TITLES[given.settings.strategy], proxy, run.result or {})


def _table_6(task: str) -> None:
    known = len(benchmarks.known("nasbench101", task))
    st.markdown("**As published: Table 6**, NAS-Bench-101, all 423,624 architectures")
    st.dataframe(table_6(), hide_index=True, height="content")
    st.caption(
        f"The paper looks accuracies up in the whole benchmark. On this task, {known:,} are known here"
        + (" (validation accuracies of a single training each)" if task == "cifar10-valid" else "")
        + ". Fewer architectures compete, so neither accuracies nor queries compare directly. "
        "`import nasbench101` reads the official file."
    )


def _table_7(task: str) -> None:
    st.markdown("**As published: Table 7**, NAS-Bench-201, average queries until the optimum")
    st.dataframe(
        table_7(task),
        hide_index=True,
        height="content",
        column_config={
            "queries to the optimum": st.column_config.NumberColumn(format="%.1f"),
            "spent besides": st.column_config.Column(help="Additional queries of the proxy's design."),
            "transferred": st.column_config.Column(
                help="The proxy was found on CIFAR-10, so its design cost nothing here."
            ),
        },
    )
    tiny = " What the paper calls TinyImageNet is ImageNet16-120." if task == "imagenet16-120" else ""
    st.caption(
        "All 15,625 architectures are measured here, as in the paper. The paper does not say which of the benchmark's "
        f"accuracies it queries.{tiny}"
    )
