"""Several searches side by side."""

from __future__ import annotations

import streamlit as st

from app.proxy_search.charts.run_differences import run_differences
from eproxy_engine.runs import Run


def comparison_panel(searches: list[Run], shown: str) -> None:
    """Show a table of settings, results and proxies found; only the differences unless asked for more."""
    by_id = {run.id: run for run in searches}
    others = [run.id for run in searches if run.id != shown][:2]
    chosen = st.multiselect(
        "Searches",
        list(by_id),
        default=[shown, *others],
        format_func=lambda run_id: f"{run_id} · {by_id[run_id].specification.title}",
        key="compared-searches",
    )
    if len(chosen) < 2:
        st.caption(":material/info: Choose two or more.")
        return
    frame = run_differences([(i, by_id[i].specification.as_dict(), by_id[i].result) for i in chosen])
    everything = st.toggle("Show what they have in common too", key="compare-everything")
    shown_rows = frame if everything else frame[frame["differs"]]
    st.dataframe(
        shown_rows.drop(columns=["differs"]).style.apply(
            lambda row: ["font-weight: 600" if everything and frame.loc[row.name, "differs"] else ""] * len(row), axis=1
        ),
        hide_index=True,
        height="content",
    )
