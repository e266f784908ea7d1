"""Score against accuracy, one point per architecture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app.charts import palette
from app.charts.bulk import Bulk, bulk, over_the_bulk
from app.charts.layout import empty, rounded, styled, wrapped

MOST_SVG_POINTS = 3000  # above, only WebGL stays fluent
_DIVERGED = "diverged"
_HOVER = (
    "%{customdata[1]}<br>accuracy %{customdata[4]:.4g}<br>score %{customdata[5]}<br>"
    "%{customdata[2]:.2f} M parameters, %{customdata[3]:.1f} M FLOPs<extra></extra>"
)


class Points(NamedTuple):
    """Some of the architectures; ``x`` and ``y`` are their position, ``details`` their hover boxes."""

    x: list[float]
    y: list[float]
    details: list[tuple[str, str, float, float, float, str]]
    """Architecture, its text wrapped for the hover box, millions of parameters and FLOPs, accuracy, score."""


class ScatterData(NamedTuple):
    """Data of the chart. ``selected`` has at most one point, which is also among the others."""

    title: str
    finite: Points
    diverged: Points
    selected: Points
    selected_diverged: bool
    across: Bulk | None = None
    """Scores that the picture shows; None for all."""
    up: Bulk | None = None
    """The same of the accuracies."""


def scatter_data(
    rows: pd.DataFrame,
    correlation: Mapping[str, float | int | None],
    selected: str | None = None,
    ranks: bool = False,
) -> ScatterData:
    """Prepare the points of ``rows`` (columns architecture, accuracy, score, parameters, flops; −inf: diverged).

    ``correlation``: as in ``statistics.Correlation.as_dict``. ``selected``: an architecture to highlight; one
    that is not in ``rows`` is ignored. ``ranks``: show ranks (1 is the lowest) instead of values, as a rank
    correlation sees only these.
    """
    finite = np.isfinite(rows["score"].to_numpy(float))
    across, up = rows["score"].where(finite), rows["accuracy"]
    if ranks:
        across, up = across.rank(), up.rank()
    places = across.to_numpy(float)
    x = np.where(finite, places, left_of(places[finite]))
    y = up.to_numpy(float)
    chosen = (rows["architecture"] == selected).to_numpy(bool)
    return ScatterData(
        correlation_title(correlation, len(rows)),
        _points(rows, x, y, finite),
        _points(rows, x, y, ~finite),
        _points(rows, x, y, chosen),
        bool((chosen & ~finite).any()),
        None if ranks else bulk(places[finite]),
        None if ranks else bulk(y),
    )


def correlation_title(correlation: Mapping[str, float | int | None], n: int = 0) -> str:
    """Format ρ with its interval and n, two digits each; ``n`` is used if the correlation has none.

    >>> correlation_title({"rho": 0.631, "rho_low": 0.55, "rho_high": 0.7, "n": 200})
    'ρ = 0.63 [0.55, 0.70], n = 200'
    """
    rho, low, high = (correlation.get(name) for name in ("rho", "rho_low", "rho_high"))
    count = f"n = {correlation.get('n', n):,}"
    if rho is None:
        return f"ρ undefined, {count}"
    interval = "" if low is None or high is None else f" [{rounded(low)}, {rounded(high)}]"
    return f"ρ = {rounded(rho)}{interval}, {count}"


def scatter_figure(
    data: ScatterData,
    *,
    colour: str = palette.BARRIER,
    accuracy_title: str = "accuracy (%)",
    score_title: str = "score (minus final loss)",
) -> go.Figure:
    """Draw accuracy over score, both over their bulk. ``customdata[0]`` of a point is its architecture's text."""
    total = len(data.finite.x) + len(data.diverged.x)
    if not total:
        return empty(data.title, "no evaluations yet")
    trace = go.Scattergl if total > MOST_SVG_POINTS else go.Scatter
    size, opacity = (9, 0.85) if total <= 500 else (6, 0.5) if total <= MOST_SVG_POINTS else (4, 0.35)
    figure = go.Figure()
    if data.finite.x:
        finite = _trace(trace, data.finite, "architectures", {"color": colour, "size": size, "opacity": opacity})
        figure.add_trace(finite)
    if data.diverged.x:
        marker = {"color": colour, "size": size, "symbol": "x-thin", "line": {"color": colour, "width": 1.5}}
        name = f"{_DIVERGED} ({len(data.diverged.x):,})"
        figure.add_trace(_trace(trace, data.diverged, name, marker))
    if data.selected.x:
        marker = {"color": palette.SELECTED, "size": size + 8, "line": {"color": palette.MUTED, "width": 1.5}}
        if data.selected_diverged:  # a ring, so that the cross stays visible
            marker = {"color": palette.SELECTED, "size": size + 8, "symbol": "circle-open", "line": {"width": 3}}
        figure.add_trace(_trace(trace, data.selected, "selected", marker))
    styled(figure, data.title)
    figure.update_layout(showlegend=len(figure.data) > 1, hovermode="closest")
    # Without finite scores there is no scale to place the diverged ones on.
    figure.update_xaxes(title_text=score_title, showticklabels=bool(data.finite.x))
    figure.update_yaxes(title_text=accuracy_title)
    return over_the_bulk(figure, {"x": data.across, "y": data.up}, failed=[_DIVERGED])


def left_of(finite: np.ndarray) -> float:
    """Return a value just left of the smallest finite score; 0 without one."""
    if not finite.size:
        return 0.0
    low, high = float(finite.min()), float(finite.max())
    return low - 0.06 * ((high - low) or abs(low) or 1.0)


def _points(rows: pd.DataFrame, x: np.ndarray, y: np.ndarray, which: np.ndarray) -> Points:
    kept = rows[which]
    millions = [(kept[name].to_numpy(float) / 1e6).round(4).tolist() for name in ("parameters", "flops")]
    names = kept["architecture"].tolist()
    scores = [f"{score:.4g}" if np.isfinite(score) else "diverged" for score in kept["score"]]
    details = list(zip(names, map(wrapped, names), *millions, kept["accuracy"].tolist(), scores, strict=True))
    return Points(x[which].tolist(), y[which].tolist(), details)


def _trace(trace: Any, points: Points, name: str, marker: dict[str, Any]) -> Any:
    return trace(
        x=points.x,
        y=points.y,
        mode="markers",
        name=name,
        marker=marker,
        customdata=points.details,
        hovertemplate=_HOVER,
    )
