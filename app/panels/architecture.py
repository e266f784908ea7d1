"""One architecture: its cell, what is known of it, and its loss curve."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.charts.cell import cell_dot
from app.charts.loss_curves import loss_curves_data, loss_curves_figure
from eproxy_engine import benchmarks, spaces

DRAWING_HEIGHT = 330


def architecture_panel(space: str, architecture: str, evaluated: pd.DataFrame | None = None) -> None:
    """Drawing, figures and, if it is among the ``evaluated``, the loss curve."""
    family = spaces.get(space)
    point = family.parse(architecture)
    for title, graph in family.drawings(point).items():
        st.graphviz_chart(
            cell_dot(graph, dark_theme(), downwards=True),
            height=DRAWING_HEIGHT,
            alt=f"The {title} of {architecture}",
        )
    st.code(architecture, language=None, wrap_lines=True)
    table = benchmarks.load(space)
    row = table[table["architecture"] == architecture]
    if len(row):
        st.markdown(_facts(row.iloc[0], space))
    curve = None if evaluated is None else evaluated[evaluated["architecture"] == architecture]
    if curve is not None and len(curve):
        st.plotly_chart(
            loss_curves_figure(loss_curves_data(curve, architecture)).update_layout(height=240, showlegend=False),
            key=f"curve-{space}",
            alt="Its loss at each iteration",
        )


def dark_theme() -> bool:
    """Whether the browser shows the dark theme."""
    return st.context.theme.type == "dark"


def _facts(row: pd.Series, space: str) -> str:
    accuracies = [
        f"{task.name} **{row[task.name]:.2f}**" for task in spaces.get(space).tasks if pd.notna(row[task.name])
    ]
    size = f"**{row['parameters'] / 1e6:.2f} M** parameters, **{row['flops'] / 1e6:.0f} M** FLOPs"
    return f"{size}  \nAccuracy (%): {' · '.join(accuracies)}"
