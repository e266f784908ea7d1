"""Ranks by two proxies against each other: where they agree, and which of them the accuracies support."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled
from app.charts.scatter import MOST_SVG_POINTS
from app.correlations.charts.points import HOVER, Details, Rows, among, details, places
from eproxy_engine.statistics import spearman


class RankRankData(NamedTuple):
    """Data of the chart; arrays of shape (n,), ranks from 1, the lowest."""

    title: str
    titles: tuple[str, str]
    """Titles of the proxies across and up."""
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    failed: NDArray[np.bool_]
    """Architectures that failed by either proxy, which all get their mean rank."""
    accuracy: NDArray[np.float64]
    colour: NDArray[np.float64]
    """Ranks of the accuracies: with values, a few failed networks would leave one colour to all others."""
    selected: NDArray[np.bool_]
    details: Details


def rank_rank_data(
    scores: pd.DataFrame, rows: Rows, first: str, second: str, selected: Collection[str] = ()
) -> RankRankData:
    """Compare ``first`` (across) and ``second`` (up): names of ``rows``, or columns such as parameters."""
    known = {row["name"]: row["title"] for row in rows}
    titles = (known.get(first, first), known.get(second, second))
    values = [scores[name].to_numpy(float) for name in (first, second)]
    failed = ~np.isfinite(np.stack(values)).all(axis=0)
    x, y = map(places, values)
    rho = spearman(x, y)
    agree = "have no correlation" if np.isnan(rho) else f"agree with ρ = {rounded(rho)}"
    title = f"{titles[0]} and {titles[1]} {agree}, n = {len(scores):,}"
    accuracy = scores["accuracy"].to_numpy(float)
    chosen = among(scores, selected)
    return RankRankData(title, titles, x, y, failed, accuracy, places(accuracy), chosen, details(scores))


def rank_rank_figure(data: RankRankData, *, accuracy_title: str = "accuracy (%)") -> go.Figure:
    """Draw points coloured by accuracy. ``customdata[0]`` of every point is the text of its architecture."""
    if not data.x.size:
        return empty(data.title, "no proxy measured yet")
    n = data.x.size
    size = 9 if n <= 500 else 6
    point = {
        "color": data.colour,
        "coloraxis": "coloraxis",
        "size": size,
        "line": {"color": palette.MUTED, "width": 0.5},  # the ends of the scale vanish on near-black and on white
    }
    ring = {"color": palette.SELECTED, "size": size + 6, "symbol": "circle-open", "line": {"width": 2.5}}
    groups: list[tuple[str, NDArray[np.bool_], dict[str, Any]]] = [
        ("architectures", ~data.failed, point),
        ("failed by one", data.failed, point | {"symbol": "x"}),
        ("selected", data.selected, ring),
    ]
    marks = np.linspace(0, 1, 5)
    bar = {
        "title": accuracy_title,
        "thickness": 12,
        "outlinewidth": 0,
        "tickvals": 1 + marks * (n - 1),
        "ticktext": [f"{value:.3g}" for value in np.quantile(data.accuracy, marks)],
    }
    kind = go.Scattergl if n > MOST_SVG_POINTS else go.Scatter
    figure = go.Figure()
    for name, which, marker in groups:
        if which.any():
            own = marker | ({"color": data.colour[which]} if "coloraxis" in marker else {})
            figure.add_trace(_trace(kind, data, name, which, own))
    figure.add_shape(
        type="line", x0=1, y0=1, x1=n, y1=n, layer="below", line={"color": palette.MUTED, "width": 1, "dash": "dot"}
    )
    styled(figure, data.title)
    figure.update_layout(
        dragmode="lasso",
        hovermode="closest",
        showlegend=len(figure.data) > 1,
        coloraxis={"colorscale": palette.SCALE, "cmin": 1, "cmax": max(n, 2), "colorbar": bar},
    )
    figure.update_xaxes(title_text=f"rank by {data.titles[0]} ({n:,} is best)")
    figure.update_yaxes(title_text=f"rank by {data.titles[1]} ({n:,} is best)")
    return figure


def _trace(kind: Any, data: RankRankData, name: str, which: NDArray[np.bool_], marker: dict[str, Any]) -> Any:
    return kind(
        x=data.x[which],
        y=data.y[which],
        mode="markers",
        name=name,
        marker=marker,
        unselected={"marker": {"opacity": 1}},
        customdata=[data.details[i] for i in np.flatnonzero(which)],
        hovertemplate=f"{HOVER}<br>ranks %{{x:.4~g}} and %{{y:.4~g}}<extra></extra>",
    )
