"""Means with standard deviations over draws, one row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, rounded, styled


class Spread(NamedTuple):
    """One row of the chart."""

    name: str
    mean: float
    sd: float
    learned: bool
    """Whether it learns from labels."""


def spreads(found: Mapping[str, Mapping[str, Any]], learned: bool) -> list[Spread]:
    """Return the rows of ``found``: mean and sd by name; those that are undefined are left out."""
    return [Spread(name, each["mean"], each["sd"], learned) for name, each in found.items() if each["mean"] is not None]


def spreads_figure(rows: Sequence[Spread], title: str, x_title: str, reference: float | None = None) -> go.Figure:
    """Draw a dot with its standard deviation for each row, best on top. ``reference``: a vertical line."""
    if not rows:
        return empty(title, "nothing to show")
    ordered = sorted(rows, key=lambda row: row.mean)
    figure = go.Figure()
    for learned, name, colour in ((True, "learns from labels", palette.BLUE), (False, "no labels", palette.MUTED)):
        mine = [row for row in ordered if row.learned is learned]
        if mine:
            figure.add_trace(
                go.Scatter(
                    x=[row.mean for row in mine],
                    y=[row.name for row in mine],
                    mode="markers",
                    name=name,
                    marker={"color": colour, "size": 11},
                    error_x={"array": [row.sd for row in mine], "color": colour},
                    customdata=[f"{rounded(row.mean, 3)} ± {rounded(row.sd, 3)}" for row in mine],
                    hovertemplate="%{y}: %{customdata}<extra></extra>",
                )
            )
    styled(figure, title)
    if reference is not None:
        figure.add_vline(reference, line_dash="dot", line_color=palette.MUTED)
    figure.update_layout(height=110 + 30 * len(ordered), showlegend=len(figure.data) > 1)
    figure.update_xaxes(title_text=x_title)
    figure.update_yaxes(categoryorder="array", categoryarray=[row.name for row in ordered])
    return figure
