"""Overview of all search spaces, and the choice of one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.shell import state
from app.shell.choice import with_space
from eproxy_engine import benchmarks, spaces


def spaces_listing() -> pd.DataFrame:
    """Return one row per search space, grouped by family."""
    rows = []
    for name in spaces.names():
        space, tasks = spaces.get(name), benchmarks.tasks(name)
        table = benchmarks.load(name)
        measured = [task for task in tasks if task.name in table and table[task.name].notna().any()]
        rows.append(
            {
                "family": space.family,
                "search space": space.title,
                "measured": len(table),
                "tasks": len(tasks),
                "measured on": ", ".join(task.name for task in measured) or "nothing yet: see Import",
                "name": name,
            }
        )
    return pd.DataFrame(rows)


def spaces_panel() -> None:
    """Show the table; a click on a row switches the session to that space."""
    listing = spaces_listing()
    st.caption("Tick a row to switch to that search space.")
    event = st.dataframe(
        listing,
        hide_index=True,
        height=min(700, 38 + 35 * len(listing)),
        on_select="rerun",
        selection_mode="single-row",
        key=state.key("spaces-table"),
        column_config={
            "measured": st.column_config.NumberColumn(
                "measured", format="localized", help="Architectures with a known accuracy."
            ),
            "tasks": st.column_config.NumberColumn("tasks", help="Tasks with known or importable accuracies."),
            "measured on": st.column_config.TextColumn("measured on", width="large"),
            "name": st.column_config.TextColumn("name", help="Name on the command line."),
        },
    )
    if event.selection.rows:
        chosen = str(listing["name"].iloc[event.selection.rows[0]])
        if chosen != state.choice().specification.space:
            state.show(with_space(state.choice(), chosen))
            st.rerun()
