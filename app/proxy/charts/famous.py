"""Famous networks among other architectures: score against FLOPs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, styled, wrapped
from eproxy_engine.runs.kinds.evaluation.famous import Standing, ordinal

GAP = 0.06
"""Least distance between two names, as a share of the chart's height."""
NAMES = 0.25
"""Room for the names, as a share of the width of the points."""


class Points(NamedTuple):
    """Architectures with a finite score."""

    millions: np.ndarray
    """Millions of FLOPs, shape (n,)."""
    score: np.ndarray
    details: list[tuple[str, str]]
    """Architecture, and the text of its hover box."""


class FamousData(NamedTuple):
    """Data of the chart."""

    title: str
    others: Points
    famous: Points
    labels: list[str]
    """Name and rank of each famous network."""


def famous_data(evaluated: pd.DataFrame, found: Sequence[Standing]) -> FamousData:
    """Prepare the points.

    Args:
        evaluated: Columns architecture, score and flops; −inf: diverged, which is left out.
        found: Standings of the famous networks among them, highest score first; at least one.
    """
    rows = evaluated[np.isfinite(evaluated["score"].to_numpy(float))].set_index("architecture")
    shown = [each for each in found if each.network.architecture in rows.index]
    texts = [each.network.architecture for each in shown]
    others = rows.drop(index=texts)
    return FamousData(
        title=f"Highest of the famous networks: {found[0].network.name}, {found[0].place}",
        others=_points(others, [wrapped(text) for text in others.index]),
        famous=_points(rows.loc[texts], [_about(each) for each in shown]),
        labels=[f"{each.network.name}, {ordinal(each.rank)}" for each in shown],
    )


def famous_figure(data: FamousData, *, score_title: str) -> go.Figure:
    """Draw score over FLOPs, and the names in a column on the right, with a line from each to its point.

    ``customdata[0]`` of every point and name is the text of its architecture.
    """
    if not len(data.famous.score):
        return empty(data.title, "every evaluation of a famous network diverged")
    figure = go.Figure()
    if len(data.others.score):
        marker = {"color": palette.MUTED, "size": 7, "opacity": 0.6}
        figure.add_trace(_trace(data.others, "other architectures", mode="markers", marker=marker))
    x, y = (np.r_[famous, others] for famous, others in zip(data.famous[:2], data.others[:2], strict=True))
    (left, right), (bottom, top) = _with_margin(x, 0.05), _with_margin(y, 0.08)
    names = Points(np.full(len(data.labels), right), spread(data.famous.score, bottom, top), data.famous.details)
    figure.add_trace(_lines(data.famous, names))
    marker = {"color": palette.ORANGE, "size": 11, "line": {"color": palette.MUTED, "width": 1}}
    figure.add_trace(_trace(data.famous, "famous networks", mode="markers", marker=marker))
    text = {"text": data.labels, "textposition": "middle right", "showlegend": False}
    figure.add_trace(_trace(names, "names", mode="text", **text))
    styled(figure, data.title)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text="FLOPs (M)", range=[left, right + NAMES * (right - left)])
    figure.update_yaxes(title_text=score_title, range=[bottom, top])
    return figure


def spread(wanted: np.ndarray, low: float, high: float) -> np.ndarray:
    """Move positions apart until all have :data:`GAP` between them, as near as simple shifting gets.

    Args:
        wanted: Where they want to be, from the highest to the lowest, shape (n,).
        low: Lowest position that is allowed.
        high: Highest position that is allowed.

    Returns:
        Positions in the same order, shape (n,); closer than the gap only if there is no room.
    """
    gap = min(GAP, 1 / max(len(wanted), 1)) * (high - low)
    places = np.minimum(wanted.astype(float), high - gap / 2)
    for i in range(1, len(places)):  # downwards, each below the one before
        places[i] = min(places[i], places[i - 1] - gap)
    floor = low + gap / 2
    for i in reversed(range(len(places))):  # and back up, where they have left the chart
        places[i] = max(places[i], floor)
        floor = places[i] + gap
    return places


def _points(rows: pd.DataFrame, about: list[str]) -> Points:
    millions, score = rows["flops"].to_numpy(float) / 1e6, rows["score"].to_numpy(float)
    hover = [f"{text}<br>score {y:.4g}, {x:.0f} M FLOPs" for text, x, y in zip(about, millions, score, strict=True)]
    return Points(millions, score, list(zip(map(str, rows.index), hover, strict=True)))


def _about(standing: Standing) -> str:
    error = "" if standing.top1 is None else f"<br>published ImageNet top-1 error {standing.top1:.1f} %"
    return f"{standing.network.name}: {standing.place}{error}"


def _trace(points: Points, name: str, mode: str, **more: Any) -> go.Scatter:
    return go.Scatter(
        x=points.millions,
        y=points.score,
        mode=mode,
        name=name,
        customdata=points.details,
        hovertemplate="%{customdata[1]}<extra></extra>",
        **more,
    )


def _lines(points: Points, names: Points) -> go.Scatter:
    """Draw a line from each point to its name."""
    ends = zip(points.millions, points.score, names.millions, names.score, strict=True)
    x, y = zip(*(pair for x0, y0, x1, y1 in ends for pair in ((x0, y0), (x1, y1), (None, None))), strict=True)
    line = {"color": palette.ORANGE, "width": 1}
    return go.Scatter(x=x, y=y, mode="lines", line=line, opacity=0.5, hoverinfo="skip", showlegend=False)


def _with_margin(values: np.ndarray, share: float) -> tuple[float, float]:
    """Return the ends of an axis, with a margin of ``share`` of the values' range."""
    low, high = float(values.min()), float(values.max())
    margin = share * ((high - low) or abs(high) or 1.0)
    return low - margin, high + margin
