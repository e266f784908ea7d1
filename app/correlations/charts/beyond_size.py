"""ρ of each proxy beside its partial ρ given parameters and FLOPs: which proxies merely measure size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled
from app.correlations.charts.points import Rows


class BeyondSizeData(NamedTuple):
    """Proxies, highest ρ first; arrays of shape (m,), nan where undefined."""

    title: str
    titles: list[str]
    rho: NDArray[np.float64]
    partial: NDArray[np.float64]


def beyond_size_data(rows: Rows) -> BeyondSizeData:
    """Collect the ``rows`` whose ρ is defined; the partial ρ of the sizes themselves is undefined."""
    known = sorted((row for row in rows if row.get("rho") is not None), key=lambda row: -row["rho"])
    values = [[row["rho"], row.get("partial_rho")] for row in known]
    rho, partial = np.array(values, dtype=float).reshape(-1, 2).T
    titles = [row["title"] for row in known]
    return BeyondSizeData(_title(titles, partial), titles, rho, partial)


def beyond_size_figure(data: BeyondSizeData) -> go.Figure:
    """Draw a wide pale bar for ρ and a narrow one inside for the partial ρ."""
    if not data.titles:
        return empty(data.title, "nothing to compare yet")
    bars = (
        ("ρ with accuracy", data.rho, 0.76, {"color": palette.MUTED, "opacity": 0.45}),
        ("given parameters and FLOPs", data.partial, 0.36, {"color": palette.BLUE}),
    )
    figure = go.Figure()
    for name, values, width, marker in bars:
        figure.add_trace(
            go.Bar(
                x=values,
                y=data.titles,
                orientation="h",
                width=width,
                name=name,
                marker=marker,
                hovertemplate=f"%{{y}}<br>{name}: %{{x:.3f}}<extra></extra>",
            )
        )
    styled(figure, data.title)
    figure.update_layout(
        barmode="overlay",
        height=170 + 24 * len(data.titles),
        legend={"traceorder": "normal", "x": 0, "xanchor": "left", "font": {"size": 12}},
        margin={"t": 96},
    )
    figure.add_vline(0, line={"color": palette.MUTED, "width": 1})
    figure.update_xaxes(title_text="ρ")
    figure.update_yaxes(autorange="reversed", showgrid=False, dtick=1)
    return figure


def _title(titles: list[str], partial: NDArray[np.float64]) -> str:
    """Name the proxy that says most beyond size."""
    if not np.isfinite(partial).any():
        return "ρ, and what is left of it given parameters and FLOPs"
    best = int(np.nanargmax(partial))
    return f"{titles[best]} says most beyond size: partial ρ = {rounded(partial[best])}"
