"""Score against accuracy for many proxies at once: small panels in which the same architectures are highlighted."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.bulk import Bulk, bulk, over_the_bulk
from app.charts.layout import empty, styled
from app.charts.scatter import left_of
from app.correlations.charts.points import HOVER, Details, Rows, among, best_title, details, rho_text

MOST_SVG_POINTS = 8000
"""Most points of all panels in SVG, which a browser without graphics card draws quicker up to here."""
_ROW_HEIGHT = 204  # pixels
_ROW_GAP = 68  # pixels between two rows, for the numbers of one axis and the two lines of the next panel's title
_ENDS = 164  # pixels above and below all panels


class Panel(NamedTuple):
    """One proxy; arrays of shape (n,)."""

    title: str
    x: NDArray[np.float64]
    """Horizontal position of each architecture: its score, or its rank among those that did not fail; failed ones are
    left of all others."""
    failed: NDArray[np.bool_]
    scores: list[str]
    """Scores in the hover box."""
    bulk: Bulk | None
    """Scores that the picture shows; None for all."""


class ProxyGridData(NamedTuple):
    """Data of the chart; arrays of shape (n,)."""

    title: str
    panels: list[Panel]
    y: NDArray[np.float64]
    """Accuracies, or their ranks."""
    selected: NDArray[np.bool_]
    details: Details
    ranks: bool
    bulk: Bulk | None
    """Accuracies that the picture shows; None for all."""


def proxy_grid_data(
    scores: pd.DataFrame, rows: Rows, selected: Collection[str] = (), ranks: bool = False
) -> ProxyGridData:
    """Make one panel for each of ``rows``, in their order; ``selected``: texts of architectures to highlight in all.

    ``ranks``: ranks (1 is the lowest) instead of values, as a rank correlation sees only these.
    """
    y = (scores["accuracy"].rank() if ranks else scores["accuracy"]).to_numpy(float)
    return ProxyGridData(
        title=best_title(rows),
        panels=[_panel(f"{row['title']}<br>{rho_text(row)}", scores[row["name"]], ranks) for row in rows],
        y=y,
        selected=among(scores, selected),
        details=details(scores),
        ranks=ranks,
        bulk=None if ranks else bulk(y),
    )


def proxy_grid_figure(
    data: ProxyGridData, *, accuracy_title: str = "accuracy (%)", columns: int | None = None
) -> go.Figure:
    """Draw two to four panels per row, or ``columns``. ``customdata[0]`` of a point is its architecture's text."""
    if not data.panels or not data.y.size:
        return empty(data.title, "no proxy measured yet")
    columns = columns or _columns(len(data.panels))
    lines = math.ceil(len(data.panels) / columns)
    figure = make_subplots(
        rows=lines,
        cols=columns,
        shared_yaxes="all",
        subplot_titles=[panel.title for panel in data.panels],
        horizontal_spacing=0.03,
        vertical_spacing=_ROW_GAP / (lines * _ROW_HEIGHT),
        x_title="rank by score (highest is best)" if data.ranks else "score (higher is better)",
        y_title="rank by accuracy" if data.ranks else accuracy_title,
    )
    shown: set[str] = set()
    for place, panel in enumerate(data.panels):
        for trace in _traces(data, panel):
            trace.update(showlegend=trace.name not in shown)
            figure.add_trace(trace, row=place // columns + 1, col=place % columns + 1)
            shown.add(trace.name)
    styled(figure, data.title)
    figure.update_annotations(font_size=12)
    figure.update_layout(
        height=lines * _ROW_HEIGHT + _ENDS,
        margin={"l": 56, "t": 106, "b": 58},
        dragmode="lasso",
        hovermode="closest",
        showlegend=len(shown) > 1,
        legend={"yref": "container", "y": 1 - 34 / (lines * _ROW_HEIGHT + _ENDS), "yanchor": "top"},
    )
    figure.update_xaxes(nticks=4, tickfont_size=10, tickangle=0, exponentformat="power")
    figure.update_yaxes(nticks=5, tickfont_size=10)
    axes = {f"{letter}{place or ''}": found for letter, place, found in _bulks(data)}
    return over_the_bulk(figure, axes, failed=["failed", "selected, failed"])


def _bulks(data: ProxyGridData) -> Iterator[tuple[str, int | None, Bulk | None]]:
    """Yield letter and number of each axis, and what it shows; the first has no number."""
    for place, panel in enumerate(data.panels, start=1):
        number = place if place > 1 else None
        yield "y", number, data.bulk
        yield "x", number, panel.bulk


def _columns(panels: int) -> int:
    """Return four for ten or more panels, three for five or more, otherwise two; one for a single panel."""
    return min(panels, 2 if panels <= 4 else 3 if panels <= 9 else 4)


def _panel(title: str, column: pd.Series, ranks: bool) -> Panel:
    values = column.to_numpy(float)
    failed = ~np.isfinite(values)
    x = column.where(~failed).rank().to_numpy(float) if ranks else values
    texts = ["failed" if bad else f"{value:.4g}" for value, bad in zip(values, failed, strict=True)]
    shown = None if ranks else bulk(values[~failed])
    return Panel(title, np.where(failed, left_of(x[~failed]), x), failed, texts, shown)


def _traces(data: ProxyGridData, panel: Panel) -> list[Any]:
    """Draw points, crosses left of them for failed architectures, and the selected ones on top."""
    total = len(data.panels) * data.y.size
    kind = go.Scattergl if total > MOST_SVG_POINTS else go.Scatter
    size = 6 if data.y.size <= 500 else 4
    opacity = 0.3 if data.selected.any() else 0.85 if data.y.size <= 500 else 0.4
    point = {"color": palette.BLUE, "size": size, "opacity": opacity}
    cross = {"color": palette.VERMILLION, "size": size, "symbol": "x", "opacity": opacity}
    chosen = {"color": palette.SELECTED, "size": size + 2, "line": {"color": palette.MUTED, "width": 1}}
    groups: list[tuple[str, NDArray[np.bool_], dict[str, Any]]] = [
        ("architectures", ~panel.failed, point),
        ("failed", panel.failed, cross),
        ("selected", data.selected & ~panel.failed, chosen),
        ("selected, failed", data.selected & panel.failed, chosen | {"symbol": "x"}),
    ]
    return [
        kind(
            x=panel.x[which],
            y=data.y[which],
            mode="markers",
            name=name,
            legendgroup=name,
            marker=marker,
            unselected={"marker": {"opacity": marker.get("opacity", 1)}},
            customdata=[(*data.details[i], panel.scores[i]) for i in np.flatnonzero(which)],
            hovertemplate=f"{HOVER}<br>score %{{customdata[5]}}<extra></extra>",
        )
        for name, which, marker in groups
        if which.any()
    ]
