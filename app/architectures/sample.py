"""Table of the sample's architectures, and details of one or two of them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.architectures.charts.distribution import distribution_data, distribution_figure
from app.architectures.charts.thumbnail import thumbnail
from app.architectures.two_compared import comparison_drawings, comparison_table
from app.shell import state
from app.shell.choice import with_specification
from app.shell.wording import accuracy_title
from app.views.architecture import architecture_panel
from app.views.drawn import drawn
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, spaces
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import famous

ROW_HEIGHT = 44
MOST_DRAWN = 500
"""Largest sample whose cells are drawn in the table; each takes two kilobytes on the way to the browser."""


def sample_panel(known: pd.DataFrame, sample: pd.DataFrame) -> None:
    """Show the distribution of accuracies, and the table beside the selected architectures."""
    given = state.choice().specification
    unit = benchmarks.task(given.space, given.task).unit
    if len(known):
        st.plotly_chart(
            drawn(distribution_figure, distribution_data(known["accuracy"], sample["accuracy"], unit)),
            key="distribution",
            height=280,
            alt="Accuracies of all known architectures and of the sample",
        )
    left, right = stacked_columns("sample", [5, 3])
    with left:
        rows = _table(sample, unit)
    selected = [str(sample["architecture"].iloc[row]) for row in rows[:2]]
    if len(selected) == 2:
        with right:
            comparison_table(given.space, *selected)
        comparison_drawings(given.space, *selected)
        return
    if selected:
        state.keep(replace(state.choice(), architecture=selected[0]))
        state.write_url()
    with right:
        shown = state.choice().architecture or str(sample["architecture"].iloc[0])
        if not selected:
            st.caption("Select one row to see its drawing, or two rows to compare them.")
        architecture_panel(given.space, shown)
        _add_to_picks(shown)


@st.cache_data(max_entries=10, show_spinner=False)
def _drawings(space: str, architectures: tuple[str, ...]) -> list[str | None]:
    """Draw the first cell of each architecture."""
    family = spaces.get(space)
    return [thumbnail(next(iter(family.drawings(family.parse(text)).values()))) for text in architectures]


def _table(sample: pd.DataFrame, unit: str) -> list[int]:
    """Show the table and return the selected rows."""
    given = state.choice().specification
    early = [c for c in sample if "@" in c]
    after = {
        c: st.column_config.NumberColumn(
            f"after {c.split('@')[1]} epochs", format="%.2f", help="Accuracy after early stopping."
        )
        for c in early
    }
    networks = famous.in_space(given.space)
    names = sample["architecture"].map({text: network.name for text, network in networks.items()})
    shown = sample[["accuracy", "parameters", "flops", *early, "architecture"]].assign(
        parameters=sample["parameters"] / 1e6, flops=sample["flops"] / 1e6
    )
    if len(shown) <= MOST_DRAWN and any(cells := _drawings(given.space, tuple(shown["architecture"]))):
        shown.insert(0, "cell", cells)
    if names.notna().any():
        shown.insert(0, "network", names.fillna(""))
    event = st.dataframe(
        shown,
        hide_index=True,
        height=460,
        row_height=ROW_HEIGHT,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"sample-{given.space}-{given.task}-{hash(given.sample)}",
        column_config={
            "cell": st.column_config.ImageColumn("cell", width=132, help="Colours as in the drawing on the right."),
            "network": st.column_config.TextColumn("network", help="Name of a famous network."),
            "architecture": st.column_config.TextColumn("architecture", width="large"),
            "accuracy": st.column_config.NumberColumn(
                accuracy_title(unit), width=108, format="%.2f" if unit == "%" else "%.4g"
            ),
            "parameters": st.column_config.NumberColumn("parameters (M)", width=128, format="%.2f"),
            "flops": st.column_config.NumberColumn(
                "FLOPs (M)", width=102, format="%.0f", help=_flops_help(given.space)
            ),
            **after,
        },
    )
    return list(event.selection.rows)


def _flops_help(space: str) -> str:
    size = spaces.get(space).input_size
    return f"Millions of multiply–accumulates for one image of {size}x{size} pixels, as the benchmark counts."


def _add_to_picks(architecture: str) -> None:
    sample = state.choice().specification.sample
    if architecture in sample.picked:
        return
    if st.button(
        "Add to my picks",
        icon=":material/add:",
        help="Adds this architecture to a sample picked by hand.",
    ):
        mine = Sample("picked", len(sample.picked) + 1, sample.seed, (*sample.picked, architecture))
        state.show(with_specification(state.choice(), sample=mine))
        st.rerun()
