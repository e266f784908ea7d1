"""Report on a file to import: what it holds, what is rejected and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from app.shell.errors import show_warning
from app.shell.wording import plain
from eproxy_engine.benchmarks.importing.checked import Checked
from eproxy_engine.counted import counted

MOST_SHOWN = 20
"""Most rejected rows on the page; the download has all."""


def import_report(found: Sequence[Checked], key: str, left_out: Mapping[str, str] | None = None) -> None:
    """Show the numbers of rows, the tasks, notes for the user, and the rejected rows.

    ``key``: prefix of the controls' keys. ``left_out``: reasons by name of each ignored file of an archive.
    """
    rejected = rejected_table(found)
    st.markdown(f"**{counted(rows(found), 'row')}** can be imported, **{len(rejected):,}** rejected.")
    if len(found) == 1:
        _one(found[0])
    else:
        st.dataframe(spaces_table(found), hide_index=True, key=f"{key}-spaces")
    if left_out:
        reasons = "\n".join(f"- {plain(file)}: {plain(reason)}" for file, reason in left_out.items())
        st.caption(f":material/info: Other files, left out: {len(left_out)}.", help=reasons)
    if len(rejected):
        _rejected(rejected, key)


def rows(found: Sequence[Checked]) -> int:
    """Count the accepted rows."""
    return sum(len(each.table) for each in found)


def spaces_table(found: Sequence[Checked]) -> pd.DataFrame:
    """Return one row per search space."""
    return pd.DataFrame(
        {
            "search space": each.space,
            "rows": len(each.table),
            "rejected": len(each.rejected),
            "in place of": old.rows if (old := each.replaces) else None,
            "tasks": ", ".join(task.name for task in each.tasks),
            "notes": " ".join(each.notes + each.doubts),
        }
        for each in found
    )


def rejected_table(found: Sequence[Checked]) -> pd.DataFrame:
    """Return one row per rejected row."""
    content = [(each.source, one.line, one.architecture, one.reason) for each in found for one in each.rejected]
    return pd.DataFrame(content, columns=["file", "row", "architecture", "reason"])


def as_file(rejected: pd.DataFrame) -> bytes:
    """Write the rejected rows as CSV, with anything that a spreadsheet would take for a formula as text."""
    texts = rejected.select_dtypes(exclude="number").columns
    safe = {
        column: [f"'{text}" if text.startswith(("=", "+", "-", "@")) else text for text in rejected[column]]
        for column in texts
    }
    return rejected.assign(**safe).to_csv(index=False).encode()


def _one(checked: Checked) -> None:
    """Show the tasks of a file for one search space, and its notes."""
    if checked.tasks:
        st.markdown("Tasks: " + ", ".join(f"{plain(task.name)} ({plain(task.unit)})" for task in checked.tasks))
    for note in checked.notes:
        st.caption(f":material/info: {plain(note)}")
    for doubt in checked.doubts:
        show_warning(doubt, icon=":material/help:")
    if replaced := checked.replaces:
        st.caption(f":material/info: It replaces the {counted(replaced.rows, 'row')} from {plain(replaced.source)}.")


def _rejected(rejected: pd.DataFrame, key: str) -> None:
    """Show the first rejected rows in a table whose lines wrap, so that every reason is seen whole."""
    shown = rejected.head(MOST_SHOWN)
    shown = shown if rejected["file"].nunique() > 1 else shown.drop(columns="file")
    texts = {column: [plain(text) for text in shown[column]] for column in shown if column != "row"}
    st.table(shown.assign(**texts).set_index("row"))
    if len(rejected) > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN} of {len(rejected):,} rejected rows, counted from 1. The download has all.")
    st.download_button(
        "Download the rejected rows",
        lambda: as_file(rejected),
        "rejected.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"{key}-download",
    )
