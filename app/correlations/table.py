"""Statistics of compared proxies, their similarity, and their cost."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.correlations.charts.beyond_size import beyond_size_data, beyond_size_figure
from app.correlations.charts.cost_against_rho import cost_data, cost_figure
from app.correlations.charts.matrix import proxy_matrix_data, proxy_matrix_figure
from app.correlations.charts.ranking_table import comparison_formats, comparison_table
from app.shell.wording import plain
from app.views.drawn import drawn
from eproxy_engine.runs import Run

HELP = {
    "ρ": "Spearman's rank correlation of score and accuracy.",
    "95 % interval": "Interval of ρ, by resampling the architectures.",
    "ρ over seeds": "Mean and standard deviation over the seeds of images and weights.",
    "τ": "Kendall's τ: share of pairs in the right order minus the share in the wrong order.",
    "top-10 %": "Share of the most accurate tenth that is also in the highest-scored tenth.",
    "precision@10": "Share of the ten highest-scored architectures that are in the most accurate tenth.",
    "nDCG": "How much accuracy the ranking puts first. Compare only on the same architectures.",
    "partial ρ": "ρ that remains once parameters and FLOPs are known. Near 0, the proxy merely measures size.",
    "ms per architecture": "Time of one process, everything included.",
    "peak MB": "Peak memory of a process.",
    "failed": "Architectures for which the proxy gave no number; they rank last.",
}


MORE = ("τ", "precision@10", "nDCG", "peak MB")
"""Columns that are shown only on request: nDCG, for one, hardly varies (0.98 to 1.00)."""
PERCENT = ("top-10 %", "precision@10")


def table_panel(run: Run, rows: list[dict[str, Any]]) -> None:
    """Show one row per proxy, best first, and what went wrong."""
    more = st.toggle(
        "All columns",
        key="compared-more",
        help="Adds Kendall's τ, precision@10, nDCG and memory. nDCG is near 1 for any proxy here and hardly varies.",
    )
    formats = comparison_formats(rows) | dict.fromkeys(PERCENT, "percent")
    table = comparison_table(rows)
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(help=text, format=formats[name])
        if name in formats
        else st.column_config.Column(help=text)
        for name, text in HELP.items()
    } | {"proxy": st.column_config.Column(width="medium", pinned=True)}
    st.dataframe(
        table[[name for name in table if (more or name not in MORE) and not _says_nothing(table[name])]],
        hide_index=True,
        height="content",
        key=f"compared-{run.id}",
        column_config=columns,
        placeholder="–",
    )
    _warnings(rows)


def _says_nothing(column: pd.Series) -> bool:
    """Return whether a column is empty, or counts no failure at all."""
    return bool(((column == "") | column.isna()).all() or (column.name == "failed" and (column == 0).all()))


def _warnings(rows: list[dict[str, Any]]) -> None:
    """Say in one line what went wrong; which proxies and architectures is behind it."""
    warned = [(row, note, count) for row in rows for note, count in row["notes"].items()]
    if not warned:
        return
    proxies = len({row["name"] for row, *_ in warned})
    what = "1 proxy gave no number" if proxies == 1 else f"{proxies} proxies gave no number"
    with st.expander(f"{what} for some architectures, which rank last", icon=":material/warning:"):
        for row, note, count in warned:
            where = f", the first: {row['failed_architectures'][0]}" if row["failed_architectures"] else ""
            said = f"{note} ({count} of {row['n']}{where})"
            st.caption(f"**{plain(row['title'])}**: {plain(said)}")


def size_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Show how far the proxies agree, and which of them see more than size."""
    clustered = st.toggle(
        "Sort by likeness",
        True,
        key="clustered",
        help="Places proxies that rank alike next to each other; otherwise they keep the order of the controls.",
    )
    st.plotly_chart(
        drawn(proxy_matrix_figure, proxy_matrix_data(scores, rows, clustered)),
        key=f"matrix-{run.id}",
        alt="Rank correlation of every proxy with every other",
    )
    st.plotly_chart(
        drawn(beyond_size_figure, beyond_size_data(rows)),
        key=f"beyond-{run.id}",
        alt="Correlation of each proxy with accuracy, plain and given parameters and FLOPs",
    )
    st.caption("A proxy whose ρ vanishes once parameters and FLOPs are known merely measures size.")


def cost_panel(run: Run, rows: list[dict[str, Any]]) -> None:
    """Show time against ρ, as in the paper's Fig. 1."""
    st.plotly_chart(
        drawn(cost_figure, cost_data(rows)),
        key=f"cost-{run.id}",
        height=520,
        alt="Milliseconds per architecture against ρ",
    )
    st.caption(
        "Milliseconds of one process, building the network included, on the machine that computed them. The paper's "
        "Fig. 1 gives those of one GPU."
    )
