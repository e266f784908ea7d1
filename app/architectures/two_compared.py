"""Two architectures side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.shell.wording import rounded_accuracy
from app.views.architecture import drawing
from eproxy_engine import benchmarks, spaces
from eproxy_engine.sampling import Sample


def comparison_table(space: str, first: str, second: str) -> None:
    """Show what is known of both architectures."""
    st.header("Side by side")
    numbers = {name: st.column_config.TextColumn(alignment="right") for name in ("first", "second", "difference")}
    st.dataframe(comparison(space, first, second), hide_index=True, height="content", column_config=numbers)


def comparison_drawings(space: str, first: str, second: str) -> None:
    """Show both drawings side by side."""
    family = spaces.get(space)
    columns = st.columns(2)
    for column, name, architecture in zip(columns, ("first", "second"), (first, second), strict=True):
        with column:
            st.markdown(f"**{name.capitalize()}**")
            st.code(architecture, language=None, wrap_lines=True)
            for title, graph in family.drawings(family.parse(architecture)).items():
                drawing(title, graph, architecture)


def comparison(space: str, first: str, second: str) -> pd.DataFrame:
    """Return one row per quantity: its name, both values and their difference; empty if unknown."""
    counted = Sample("picked", picked=(first, second)).draw(space, benchmarks.task(space).name)
    rows: list[dict[str, Any]] = []
    for name, title in (("parameters", "parameters (M)"), ("flops", "FLOPs (M)")):
        rows.append(_row(title, counted[name] / 1e6, "%"))
    table = benchmarks.load(space).set_index("architecture").reindex([first, second])
    for task in benchmarks.tasks(space):
        if task.name in table and table[task.name].notna().any():
            rows.append(_row(f"{task.name} ({task.unit})" if task.unit else task.name, table[task.name], task.unit))
    return pd.DataFrame(rows)


def _row(title: str, values: pd.Series, unit: str) -> dict[str, Any]:
    one, two = (float(value) for value in values)
    difference = two - one
    return {
        "": title,
        "first": rounded_accuracy(one, unit),
        "second": rounded_accuracy(two, unit),
        "difference": rounded_accuracy(difference, unit, sign=True),
    }
