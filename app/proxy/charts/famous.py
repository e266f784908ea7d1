"""Famous networks among other architectures: score against FLOPs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app.charts import palette
from app.charts.label_places import label_places
from app.charts.layout import empty, styled, wrapped
from eproxy_engine.runs.kinds.evaluation.famous import Standing, ordinal


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
        famous=_points(rows.loc[texts], [_hover(each) for each in shown]),
        labels=[f"{each.network.name}, {ordinal(each.rank)}" for each in shown],
    )


def famous_figure(data: FamousData, *, score_title: str) -> go.Figure:
    """Draw score over FLOPs. ``customdata[0]`` of every point is the text of its architecture."""
    if not len(data.famous.score):
        return empty(data.title, "every evaluation of a famous network diverged")
    figure = go.Figure()
    if len(data.others.score):
        marker = {"color": palette.MUTED, "size": 7, "opacity": 0.6}
        figure.add_trace(_trace(data.others, "other architectures", mode="markers", marker=marker))
    marker = {"color": palette.ORANGE, "size": 11, "line": {"color": palette.MUTED, "width": 1}}
    named = _trace(data.famous, "famous networks", mode="markers+text", marker=marker)
    named.text = data.labels
    x, y = (np.r_[famous, others] for famous, others in zip(data.famous[:2], data.others[:2], strict=True))
    unlabelled = [""] * len(data.others.score)
    nothing = np.full(len(x), np.nan)
    named.textposition = label_places(x, y, [*data.labels, *unlabelled], nothing, nothing)[: len(data.labels)]
    figure.add_trace(named)
    styled(figure, data.title)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text="FLOPs (M)", range=_with_room(x))
    figure.update_yaxes(title_text=score_title)
    return figure


def _points(rows: pd.DataFrame, hover: list[str]) -> Points:
    details = list(zip(map(str, rows.index), hover, strict=True))
    return Points(rows["flops"].to_numpy(float) / 1e6, rows["score"].to_numpy(float), details)


def _hover(standing: Standing) -> str:
    error = "" if standing.top1 is None else f"<br>published ImageNet top-1 error {standing.top1:.1f} %"
    return f"{standing.network.name}: {standing.place}{error}"


def _trace(points: Points, name: str, mode: str, marker: dict[str, object]) -> go.Scatter:
    return go.Scatter(
        x=points.millions,
        y=points.score,
        mode=mode,
        name=name,
        marker=marker,
        customdata=points.details,
        hovertemplate="%{customdata[1]}<br>score %{y:.4g}, %{x:.0f} M FLOPs<extra></extra>",
    )


def _with_room(values: np.ndarray) -> list[float]:
    """Return the range of an axis with room for labels at both ends."""
    low, high = float(values.min()), float(values.max())
    room = 0.2 * ((high - low) or 1.0)
    return [low - room, high + room]
