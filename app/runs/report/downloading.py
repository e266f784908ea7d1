"""Button that downloads a report."""

from __future__ import annotations

import streamlit as st

from app.runs.report.document import document
from eproxy_engine.runs import Run, Store

MOST_REPORTED = 20
HELP = (
    "One HTML file with figures, tables, settings and the command lines that repeat it, to send or to print. "
    "It opens in any browser without a network. About 5 MB, most of it the library that draws the figures."
)


def report_button(store: Store, runs: list[Run]) -> None:
    """Show a button that makes the report of runs when it is pressed."""
    name = runs[0].id if len(runs) == 1 else f"{len(runs)}-runs"
    st.download_button(
        "Report",
        lambda: document(Store(store.path), runs),
        f"report-{name}.html",
        "text/html",
        icon=":material/article:",
        disabled=len(runs) > MOST_REPORTED,
        help=HELP if len(runs) <= MOST_REPORTED else f"{len(runs)} runs; up to {MOST_REPORTED} fit into a report.",
        key=f"report-{name}",
    )
