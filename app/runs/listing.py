"""Table of runs."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.runs.facts import computed_by, disk_use, took
from app.runs.icon import icon
from app.shell.kinds import KINDS
from app.shell.wording import moment
from eproxy_engine.runs import Run
from eproxy_engine.runs.headline import headline

ROW_HEIGHT = 66
"""In pixels. Above 64, Streamlit wraps texts, so that names and results are not cut."""
MOST_ROWS = 6
"""Rows that are seen at once; the table scrolls."""
ORIGINS = {"local": "mine", "sample": "shipped", "imported": "imported"}


def listing(runs: list[Run]) -> pd.DataFrame:
    """Return one row per run. All cells are texts, or lists of texts, so that none says None."""
    return pd.DataFrame(
        {
            "icon": icon(run.kind),
            "kind": KINDS[run.kind].run_title,
            "name": run.name,
            "result": headline(run),
            "tags": list(run.labels.tags),
            "status": run.status,
            "space": f"{run.specification.space_title}, {run.specification.task}",
            "launched": moment(run.created),
            "took": took(run),
            "computed by": computed_by(run),
            "disk use": disk_use(run),
            "origin": ORIGINS.get(run.origin, run.origin),
            "id": run.id,
        }
        for run in runs
    )


def table_panel(runs: list[Run]) -> list[Run]:
    """Show the table, and return the runs that are selected in it."""
    columns: dict[str, Any] = {
        "icon": st.column_config.ImageColumn("", width=44),
        "kind": st.column_config.TextColumn(width=100),
        "name": st.column_config.TextColumn(width=248, help="Yours, or a short title of what was run."),
        "result": st.column_config.TextColumn(width=248),
        "tags": st.column_config.ListColumn(width=90),
        "status": st.column_config.TextColumn(width=76),
        "space": st.column_config.TextColumn(width=150),
        "launched": st.column_config.TextColumn(width=130),
        "took": st.column_config.TextColumn(
            width=90, help="From start to end, breaks included; of runs from elsewhere, the time of their trainings."
        ),
        "computed by": st.column_config.TextColumn(width=110),
        "disk use": st.column_config.TextColumn(
            width=76, help="Evaluations in the store. Runs that need the same ones share them."
        ),
        "origin": st.column_config.TextColumn(width=76),
        "id": st.column_config.TextColumn(width=76),
    }
    table = listing(runs)
    if not any(run.labels.tags for run in runs):
        table = table.drop(columns="tags")
    event = st.dataframe(
        table,
        hide_index=True,
        height=38 + ROW_HEIGHT * min(len(runs), MOST_ROWS),
        row_height=ROW_HEIGHT,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"runs-table-{hash(tuple(run.id for run in runs))}",  # a selection is of rows: other rows, no selection
        column_config=columns,
        placeholder="",
        alt="Runs, newest first",
    )
    return [runs[place] for place in event.selection.rows if place < len(runs)]
