"""The figures of compared proxies, what they have in common, and what they cost."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.correlations.charts.beyond_size import beyond_size_data, beyond_size_figure
from app.correlations.charts.cost_against_rho import cost_data, cost_figure
from app.correlations.charts.matrix import proxy_matrix_data, proxy_matrix_figure
from app.correlations.charts.ranking_table import comparison_formats, comparison_table
from app.shell.wording import plain
from eproxy_engine.runs import Run

HELP = {
    "ρ": "Spearman's rank correlation of score and accuracy.",
    "95 % interval": "Of ρ, by resampling the architectures.",
    "ρ over seeds": "Mean and standard deviation over the seeds of images and weights.",
    "τ": "Kendall's: share of pairs in the right order minus share in the wrong one.",
    "top-10 %": "Share of the truly best tenth among the tenth with highest scores.",
    "precision@10": "Share of the ten highest-scored that are among the truly best tenth.",
    "nDCG": "How much accuracy the ranking puts first; compare on the same architectures only.",
    "partial ρ": "What is left of ρ once parameters and FLOPs are known: near 0, the proxy merely measures size.",
    "ms an architecture": "Of one process, everything included.",
    "peak MB": "Memory of a process at its highest.",
    "failed": "Architectures for which it gave no number; they rank last.",
}


def table_panel(run: Run, rows: list[dict[str, Any]]) -> None:
    """One row a proxy, best first, and what went wrong."""
    formats = comparison_formats(rows)
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(help=text, format=formats[name])
        if name in formats
        else st.column_config.Column(help=text)
        for name, text in HELP.items()
    } | {"proxy": st.column_config.Column(width="medium")}
    st.dataframe(
        comparison_table(rows),
        hide_index=True,
        height="content",
        key=f"compared-{run.id}",
        column_config=columns,
        placeholder="–",
    )
    for row in rows:
        for note, count in row["notes"].items():
            where = f", the first: {row['failed_architectures'][0]}" if row["failed_architectures"] else ""
            said = plain(f"{note} ({count} of {row['n']}{where})")
            st.caption(f":material/warning: **{plain(row['title'])}**: {said}")


def size_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """How far the proxies agree, and which of them see more than size."""
    clustered = st.toggle(
        "Sort by likeness",
        True,
        key="clustered",
        help="Proxies that rank alike stand beside each other; otherwise they are in the order of the controls.",
    )
    st.plotly_chart(
        proxy_matrix_figure(proxy_matrix_data(scores, rows, clustered)),
        key=f"matrix-{run.id}",
        alt="Rank correlation of every proxy with every other",
    )
    st.plotly_chart(
        beyond_size_figure(beyond_size_data(rows)),
        key=f"beyond-{run.id}",
        alt="Correlation with the accuracy of each proxy, as it is and given parameters and FLOPs",
    )
    st.caption("A proxy whose ρ vanishes once parameters and FLOPs are known merely measures size.")


def cost_panel(run: Run, rows: list[dict[str, Any]]) -> None:
    """Time against ρ, as in the paper's figure 1."""
    st.plotly_chart(
        cost_figure(cost_data(rows)), key=f"cost-{run.id}", height=520, alt="Milliseconds an architecture against ρ"
    )
    st.caption(
        "Milliseconds of one process, building the network included, on the machine that computed them; the paper's "
        "Fig. 1 has those of one GPU."
    )
