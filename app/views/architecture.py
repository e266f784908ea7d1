"""One architecture: its cell, known values, and loss curve."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import streamlit as st

from app.charts.cell import cell_dot, natural_height
from app.charts.loss_curves import loss_curves_data, loss_curves_figure
from app.shell.wording import plain, rounded_accuracy
from eproxy_engine import benchmarks, spaces
from eproxy_engine.runs.kinds.evaluation.famous import imagenet_error
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import famous
from eproxy_engine.spaces.famous import FamousNetwork

_NO_BREAK = "\u00a0"
MOST_HEIGHT = 330
"""Pixels of a drawing; the text of a larger one shrinks."""


def architecture_panel(space: str, architecture: str, evaluated: pd.DataFrame | None = None) -> None:
    """Show drawing, numbers and, if it is among the ``evaluated``, the loss curve."""
    family = spaces.get(space)
    point = family.parse(architecture)
    if (network := famous.in_space(space).get(architecture)) is not None:
        _famous(network)
    for title, graph in family.drawings(point).items():
        drawing(title, graph, architecture)
    st.code(architecture, language=None, wrap_lines=True)
    st.markdown(_facts(_row(space, architecture), space))
    curve = None if evaluated is None else evaluated[evaluated["architecture"] == architecture]
    if curve is not None and len(curve) and len(curve["losses"].iloc[0]):
        st.plotly_chart(
            loss_curves_figure(loss_curves_data(curve, architecture)).update_layout(height=240, showlegend=False),
            key=f"curve-{space}",
            alt="Loss at each iteration",
        )


def _famous(network: FamousNetwork) -> None:
    """Say which famous network it is, and where it comes from."""
    error = imagenet_error(network)
    published = "" if error is None else f" Published ImageNet top-1 error: **{error:.1f}%**."
    note = f" {plain(network.note)}" if network.note else ""
    st.markdown(f"**{plain(network.name)}**", help="Found in: " + plain("; ".join(network.sources)))
    st.caption(f"{plain(network.paper)}, searched on {plain(network.searched_on)}.{published}{note}")


def drawing(title: str, graph: nx.DiGraph, architecture: str) -> None:
    """Draw one graph of an architecture, with a button that enlarges it, for a projector."""
    heading = st.container(horizontal=True, vertical_alignment="center")
    heading.caption(plain(title.capitalize()), width="stretch")
    if heading.button(
        "Enlarge",
        icon=":material/zoom_out_map:",
        key=f"enlarge-{title}-{architecture}",
        type="tertiary",
        help="Shows the drawing as large as the window.",
    ):
        _enlarged(title, graph, architecture)
    st.graphviz_chart(
        cell_dot(graph, dark_theme(), downwards=True),
        height=min(MOST_HEIGHT, natural_height(graph)),
        alt=f"The {title} of {architecture}",
    )


@st.dialog("Drawing", width="large")
def _enlarged(title: str, graph: nx.DiGraph, architecture: str) -> None:
    """Draw the graph alone, from left to right."""
    st.code(architecture, language=None, wrap_lines=True)
    st.graphviz_chart(cell_dot(graph, dark_theme()), width="stretch", alt=f"The {title} of {architecture}")


def dark_theme() -> bool:
    """Return whether the browser shows the dark theme."""
    return st.context.theme.type == "dark"


def _row(space: str, architecture: str) -> pd.Series:
    """Return the architecture's row of the table, with sizes counted where the table has none."""
    table = benchmarks.load(space)
    counted = Sample("picked", picked=(architecture,)).draw(space, benchmarks.task(space).name).iloc[0]
    row = table[table["architecture"] == architecture]
    return row.iloc[0].combine_first(counted) if len(row) else counted


def _facts(row: pd.Series, space: str) -> str:
    accuracies = [
        f"{plain(task.name)}{_NO_BREAK}**{rounded_accuracy(row[task.name], task.unit)}**"
        f"{_NO_BREAK + task.unit if task.unit else ''}"
        for task in benchmarks.tasks(space)
        if task.name in row and pd.notna(row[task.name])
    ]
    size = f"**{row['parameters'] / 1e6:.2f} M** parameters, **{row['flops'] / 1e6:.0f} M** FLOPs"
    return f"{size}  \nAccuracy: {' · '.join(accuracies) or 'not known'}"
