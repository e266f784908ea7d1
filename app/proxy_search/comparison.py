"""Several searches side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.proxy_search.charts.run_differences import run_differences
from app.proxy_search.trials import search_of
from app.views.difference import verdict
from app.views.evaluated import finished_rows
from app.views.metric import too_few
from app.views.paired import rho_difference
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import in_both
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in


def comparison_panel(store: Store, searches: list[Run], shown: str) -> None:
    """Show which proxy found is ahead, and a table of settings, results and proxies found.

    The table has only the differences unless asked for more.
    """
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
    first, *rest = (by_id[run_id] for run_id in chosen)
    st.markdown("\n".join(f"- {_against(store, first, other)}" for other in rest))
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


def _against(store: Store, first: Run, other: Run) -> str:
    """Say which of two proxies found is ahead on the architectures that neither search has seen."""
    names = f"Run {first.id}", f"run {other.id}"
    given, against = search_of(first), search_of(other)
    if (given.space, given.task) != (against.space, against.task):
        return f"{names[0]} and {names[1]} are on different search spaces or tasks: they cannot be paired."
    one, two = in_both(*(_held_out(store, run) for run in (first, other)))
    if few := too_few(len(one), 0):
        return f"{names[0]} and {names[1]}, held-out architectures of both: {few}"
    gap = rho_difference(one["score"], two["score"], one["accuracy"])
    return f"{names[0]} and {names[1]}, on the {len(one)} held-out architectures of both: {verdict(gap, *names)}."


def _held_out(store: Store, run: Run) -> pd.DataFrame:
    """Return the held-out rows by architecture; none before a proxy is judged."""
    found, given = proxy_in(run.result), search_of(run)
    if found is None or not given.held_out:
        return pd.DataFrame(columns=["score", "accuracy"])
    return finished_rows(store, given.judge(found)).set_index("architecture")
