"""Architecture searches side by side, and the paper's results."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.architecture_search.charts.table import Compared, searches_table, table_6, table_7
from app.architecture_search.form import TITLES
from app.architecture_search.proxy import leader_title
from app.architecture_search.shown import search_of
from app.shell import state
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run, Store

HELP = {
    "best accuracy": "Mean over the seeds ± standard error.",
    "regret": "Accuracy of the best measured architecture minus the mean.",
    "found the optimum": "Seeds that queried the best measured architecture.",
    "queries to the optimum": "Mean ± standard error over the seeds, the proxy's design included. Over …: some seeds "
    "did not find it; they count with all their queries, so the mean is larger than that.",
    "spent": "Queries of the proxy's design, included in the queries.",
    "jumps": "Trials, of all seeds, at the measured architecture nearest to a mutant that is not measured.",
    "evaluations": "Evaluations that the proxy needed for all seeds together, including stored ones.",
    "training (s)": "Training time of one process for those evaluations.",
    "choosing (s)": "Processor time that the strategy itself took for all seeds, its own models included. Not known of "
    "runs from elsewhere.",
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
        _table_6(given.task, rows)
    elif given.space == "nasbench201" and not table_7(given.task).empty:
        _table_7(given.task, rows)


def _compared(run: Run, runs: list[Run]) -> Compared:
    given = search_of(run)
    proxy = leader_title(given, runs) if given.settings.needs_proxy else ""
    own_seconds = run.progress.get("own_seconds")
    return Compared(run.id, TITLES[given.settings.strategy], proxy, run.result or {}, own_seconds)


def _table_6(task: str, rows: list[Compared]) -> None:
    known = len(benchmarks.known("nasbench101", task))
    st.markdown("**Beside the paper's Table 6**: mean accuracy of the architecture found, by queries")
    st.dataframe(table_6(rows, known), hide_index=True, height="content")
    what = "validation accuracies (one training each)" if task == "cifar10-valid" else "accuracies"
    st.caption(
        f"The paper looks test accuracies up in the whole benchmark. Here, {what} of {known:,} architectures are "
        "known: compare rows of here, and rows of the paper, among themselves. `import nasbench101` reads the "
        "official file."
    )


def _table_7(task: str, rows: list[Compared]) -> None:
    st.markdown("**Beside the paper's Table 7**: mean queries until the best architecture is asked for")
    st.dataframe(
        table_7(task, rows),
        hide_index=True,
        height="content",
        column_config={
            "found the optimum": st.column_config.Column(help="Seeds; not said in the paper."),
            "queries to the optimum": st.column_config.Column(help="+ 20: queries of the proxy's design besides."),
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
