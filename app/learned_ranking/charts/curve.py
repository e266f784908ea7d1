"""Learning curve: ρ against the number of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, rounded, styled


class CurveData(NamedTuple):
    """Data of the chart."""

    title: str
    labels: list[int]
    mean: list[float]
    sd: list[float]
    references: dict[str, float]
    """ρ of scores that learn nothing, by name."""


def curve_data(rows: Sequence[Mapping[str, Any]], references: Mapping[str, Mapping[str, Any]]) -> CurveData:
    """Prepare the rows of a result's ``curve`` and its ``references``."""
    known = [row for row in rows if row["rho"]["mean"] is not None]
    mean, sd = [row["rho"]["mean"] for row in known], [row["rho"]["sd"] for row in known]
    title = "Learning curve"
    if known:
        title = (
            f"ρ = {rounded(mean[0])} with {known[0]['labels']} labels, {rounded(mean[-1])} with {known[-1]['labels']}"
        )
    flat = {name: each["rho"]["mean"] for name, each in references.items() if each["rho"]["mean"] is not None}
    return CurveData(title, [row["labels"] for row in known], mean, sd, flat)


def curve_figure(data: CurveData) -> go.Figure:
    """Draw mean and standard deviation over draws, and a level for each reference."""
    if not data.labels:
        return empty(data.title, "too few known accuracies for a learning curve")
    figure = go.Figure()
    upper = [mean + sd for mean, sd in zip(data.mean, data.sd, strict=True)]
    lower = [mean - sd for mean, sd in zip(data.mean, data.sd, strict=True)]
    figure.add_trace(
        go.Scatter(
            x=[*data.labels, *reversed(data.labels)],
            y=[*upper, *reversed(lower)],
            mode="lines",
            fill="toself",
            fillcolor="rgba(0,114,178,0.18)",
            line={"width": 0},
            hoverinfo="skip",
            name="± one standard deviation",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=data.labels,
            y=data.mean,
            mode="lines+markers",
            name="mean over draws",
            line={"color": palette.BLUE, "width": 3},
            hovertemplate="%{x} labels: ρ %{y:.3f}<extra></extra>",
        )
    )
    colours = (palette.MUTED, palette.ORANGE, palette.GREEN, palette.VERMILLION, palette.SKY_BLUE)
    for place, (name, rho) in enumerate(data.references.items()):
        figure.add_hline(
            rho,
            line={"dash": "dot", "color": colours[place % len(colours)]},
            annotation={"text": f"{name} {rounded(rho)}", "font_size": 11},
            annotation_position="bottom right" if place % 2 else "top right",
        )
    styled(figure, data.title)
    figure.update_xaxes(title_text="labelled architectures", type="log", tickvals=data.labels, ticktext=data.labels)
    figure.update_yaxes(title_text="ρ on held-out architectures")
    return figure
