"""Which architectures to measure next, as a list to take away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.learned_ranking.ranked import COLUMNS
from app.shell.wording import plain
from eproxy_engine.learning.measure_next import AIMS, BEST
from eproxy_engine.runs.kinds.ranking.problem import Problem

TITLES = {BEST: "Most likely the best", "telling": "Most telling"}


def next_panel(problem: Problem, table: pd.DataFrame) -> None:
    """Show the most useful unmeasured architectures, and how to bring their accuracies back."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    aim = left.segmented_control(
        "What for",
        list(AIMS),
        default=BEST,
        format_func=TITLES.__getitem__,
        key="rank-aim",
        help="; ".join(f"{TITLES[name]}: {text.split(': ')[1]}" for name, text in AIMS.items()) + ".",
    )
    count = int(right.number_input("How many", 1, 100, 10, key="rank-next", help="Length of the list."))
    given, names = problem.specification, problem.next(count, aim or BEST)
    listed = table.set_index("architecture").loc[names].reset_index()
    st.dataframe(
        listed,
        hide_index=True,
        key="rank-next-table",
        column_order=["rank", "predicted", "deviation", "architecture"],
        column_config=COLUMNS,
    )
    empty = pd.DataFrame({"architecture": names, "accuracy": ""})
    st.download_button(
        "This list as CSV",
        empty.to_csv(index=False),
        f"measure-next-{given.space}.csv",
        "text/csv",
        icon=":material/playlist_add_check:",
        help="With an empty column of accuracies, ready to be filled in.",
    )
    st.markdown(
        "**The loop**: train these networks, fill in their accuracies, import the file on the Architectures page under "
        "*Import accuracies* (or upload it on the left), and come back: the model learns from all that is known, and "
        "asks for the next ones."
    )
    if not _whole_space(problem):
        st.caption(
            f":material/info: Accuracies of {plain(given.space)} that are not labelled count as unknown here, so that "
            "you can see how good the advice is. With *Which ones: all that are measured*, these are left out."
        )


def _whole_space(problem: Problem) -> bool:
    """Return whether all that is known is labelled."""
    return problem.fixed_labels is not None
