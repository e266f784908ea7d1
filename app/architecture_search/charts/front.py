"""Score against size of all architectures that a search scored, with the Pareto front."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from app.charts import palette
from app.charts.layout import empty, styled, wrapped
from app.charts.scatter import MOST_SVG_POINTS

SIZES = {"flops": "FLOPs (M)", "parameters": "parameters (M)"}


class FrontData(NamedTuple):
    """Data of the chart: n architectures; arrays have shape (n,)."""

    title: str
    architectures: list[str]
    millions: NDArray[np.float64]
    score: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    """Accuracy; nan where unknown."""
    front: NDArray[np.bool_]
    """Whether no other is at most as large and scores higher, or is smaller and scores as high."""
    found: NDArray[np.bool_]
    """Whether it is what the search found; at most one."""
    allowed: tuple[float | None, float | None]
    """Bounds of the size in millions, None for no bound."""
    failed: int
    """Number of architectures without a finite score, which are not shown."""


def pareto_front(cost: ArrayLike, gain: ArrayLike) -> NDArray[np.bool_]:
    """Return which of n points no other dominates, with no higher cost, no lower gain and one of them better.

    Both have shape (n,) and are finite. Equal points are either all in the front or none.
    """
    costs, gains = np.asarray(cost, dtype=float), np.asarray(gain, dtype=float)
    front = np.zeros(costs.size, bool)
    last: tuple[float, float] | None = None
    for place in np.lexsort((-gains, costs)):
        point = float(costs[place]), float(gains[place])
        if last is None or point[1] > last[1] or point == last:
            front[place], last = True, point
    return front


def front_data(
    trials: pd.DataFrame,
    size: str = "flops",
    found: str | None = None,
    allowed: tuple[int | None, int | None] = (None, None),
) -> FrontData:
    """Prepare the points.

    ``trials``: as in :func:`map_data`, with flops and parameters; those without fitness do not count.
    ``found``: an architecture to mark. ``allowed``: bounds of ``size``.
    """
    tried = trials.drop_duplicates("architecture")
    scored = tried[tried["fitness"].notna()]
    finite = scored[np.isfinite(scored["fitness"].to_numpy(float))]
    millions, score = finite[size].to_numpy(float) / 1e6, finite["fitness"].to_numpy(float)
    front = pareto_front(millions, score)
    low, high = (None if bound is None else bound / 1e6 for bound in allowed)
    what = SIZES[size].split(" (")[0]
    title = f"{int(front.sum())} of {len(finite):,} scored architectures: no other scores higher with fewer {what}"
    return FrontData(
        title=title if len(finite) else f"Score and {what}",
        architectures=finite["architecture"].tolist(),
        millions=millions,
        score=score,
        accuracy=finite["accuracy"].to_numpy(float),
        front=front,
        found=(finite["architecture"] == found).to_numpy(bool),
        allowed=(low, high),
        failed=len(scored) - len(finite),
    )


def front_figure(data: FrontData, size: str = "flops", *, score_title: str = "score") -> go.Figure:
    """Draw the points; ``customdata[0]`` of each is the text of its architecture."""
    if not data.architectures:
        return empty(data.title, "no score is finite" if data.failed else "no proxy has scored anything yet")
    figure = go.Figure()
    trace = go.Scattergl if len(data.architectures) > MOST_SVG_POINTS else go.Scatter
    many = {"size": 7, "opacity": 0.7, "color": palette.MUTED}
    figure.add_trace(_points(data, ~data.front, trace, f"scored ({int((~data.front).sum()):,})", many))
    order = np.flatnonzero(data.front)[np.argsort(data.millions[data.front], kind="stable")]
    line = {"color": palette.BLUE, "width": 2, "shape": "hv"}
    figure.add_trace(
        go.Scatter(
            x=data.millions[order], y=data.score[order], mode="lines", line=line, showlegend=False, hoverinfo="skip"
        )
    )
    figure.add_trace(_points(data, data.front, trace, f"front ({len(order)})", {"size": 9, "color": palette.BLUE}))
    if data.found.any():
        star = {"size": 18, "symbol": "star", "color": palette.ORANGE, "line": {"width": 1, "color": palette.BLACK}}
        figure.add_trace(_points(data, data.found, trace, "found", star))
    styled(figure, data.title)
    _shade(figure, data)
    figure.update_layout(hovermode="closest", legend={"x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"})
    figure.update_xaxes(title_text=SIZES[size])
    figure.update_yaxes(title_text=score_title)
    return figure


def _points(data: FrontData, which: NDArray[np.bool_], trace: Any, name: str, marker: dict[str, Any]) -> Any:
    return trace(
        x=data.millions[which],
        y=data.score[which],
        mode="markers",
        name=name,
        marker=marker,
        unselected={"marker": {"opacity": marker.get("opacity", 1)}},
        customdata=[_said(data, int(place)) for place in np.flatnonzero(which)],
        hovertemplate="%{customdata[1]}<br>%{x:.4g} M, score %{y:.4g}%{customdata[2]}<extra></extra>",
    )


def _said(data: FrontData, place: int) -> tuple[str, str, str]:
    text, accuracy = data.architectures[place], float(data.accuracy[place])
    return text, wrapped(text), "" if np.isnan(accuracy) else f"<br>accuracy {accuracy:.4g}"


def _shade(figure: go.Figure, data: FrontData) -> None:
    """Shade what the constraints exclude, within the picture."""
    low, high = data.allowed
    least, most = float(data.millions.min()), float(data.millions.max())
    room = 0.08 * ((most - least) or most or 1.0)
    excluded = []
    if low is not None:
        excluded.append((min(low, least) - room, low))
    if high is not None:
        excluded.append((high, max(high, most) + room))
    for start, end in excluded:
        figure.add_vrect(start, end, fillcolor=palette.MUTED, opacity=0.2, line_width=0, layer="below")
    if excluded:
        begin = min(start for start, _ in excluded) if low is not None else least - room
        finish = max(end for _, end in excluded) if high is not None else most + room
        figure.update_xaxes(range=[begin, finish])
