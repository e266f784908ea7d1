"""Map of the architectures that a search tried, with similar ones close together."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled, wrapped
from app.charts.scatter import MOST_SVG_POINTS

COLOURINGS = {"accuracy": "accuracy", "fitness": "score", "place": "order of trial"}
"""Columns of the trials and their titles."""
LOWEST = 0.1
"""Share of the values drawn in the darkest colour."""


class MapData(NamedTuple):
    """Data of the chart: the n architectures tried so far, in the order of their first trials."""

    title: str
    architectures: list[str]
    places: NDArray[np.float64]
    """Places on the map, shape (n, 2)."""
    values: NDArray[np.float64]
    """Values of the colour, shape (n,); nan where unknown."""
    scale: tuple[float, float]
    """Ends of the colours over all trials, including later ones; the lowest tenth, often far below, shares one."""
    span: NDArray[np.float64]
    """Corners of the plane over all trials, shape (2, 2)."""
    queried: NDArray[np.bool_]
    spent: NDArray[np.bool_]
    """Whether the design of the proxy queried it."""
    texts: list[str]
    lines: list[tuple[int, int]]
    """Parent and child, as places in ``architectures``."""
    best: int | None
    explained: tuple[float, float]


def map_data(
    trials: pd.DataFrame,
    places: NDArray[np.float64],
    explained: tuple[float, float],
    coloured: str = "accuracy",
    last: int | None = None,
    spent: int = 0,
) -> MapData:
    """Prepare the map after the first ``last`` trials.

    ``trials``: one row per trial, in order: architecture, parent (place of a trial, or nan), query (or nan), accuracy
    and fitness (nan where unknown), jumped. ``places``: place of each, shape (n, 2). ``coloured``: a key of
    :data:`COLOURINGS`. ``spent``: queries of the proxy's design.

    The best is the most accurate queried architecture, or the one with the highest fitness if none was queried.
    """
    everything = trials.assign(place=np.arange(1, len(trials) + 1, dtype=float))
    shown = everything.iloc[: len(trials) if last is None else last]
    firsts = shown.drop_duplicates("architecture")
    queries = shown.groupby("architecture", sort=False)["query"].min()
    number = dict(zip(firsts["architecture"], range(len(firsts)), strict=True))
    query = firsts["architecture"].map(queries).to_numpy(float)
    queried = np.isfinite(query)
    values = everything[coloured].to_numpy(float)
    finite = values[np.isfinite(values)]
    best = _best(firsts, queried)
    return MapData(
        title=_title(firsts, queried, best),
        architectures=firsts["architecture"].tolist(),
        places=places[firsts.index.to_numpy()],
        values=firsts[coloured].to_numpy(float),
        scale=(float(np.quantile(finite, LOWEST)), float(finite.max())) if finite.size else (0.0, 1.0),
        span=np.array([places.min(axis=0), places.max(axis=0)]) if len(places) else np.zeros((2, 2)),
        queried=queried,
        spent=query <= spent,
        texts=[_said(row, asked) for row, asked in zip(firsts.itertuples(), query, strict=True)],
        lines=_lines(shown, everything, number),
        best=best,
        explained=explained,
    )


def map_figure(
    data: MapData, coloured: str = "accuracy", lines: bool = False, selected: str | None = None
) -> go.Figure:
    """Draw the map, queried points large and outlined. ``customdata[0]`` of each is its architecture's text."""
    if not data.architectures:
        return empty(data.title, "nothing tried yet")
    figure = go.Figure()
    trace = go.Scattergl if len(data.architectures) > MOST_SVG_POINTS else go.Scatter
    if lines:
        figure.add_trace(_ancestry(data, trace))
    outline = {"width": 1.5, "color": palette.MUTED}
    unknown = np.isnan(data.values)
    groups: list[tuple[str, NDArray[np.bool_], dict[str, Any]]] = [
        ("scored", ~data.queried, {"size": 7, "line": {"width": 0.5, "color": palette.MUTED}}),
        ("queried", data.queried & ~data.spent, {"size": 11, "line": outline}),
        ("queried by the proxy's design", data.spent, {"size": 11, "symbol": "diamond", "line": outline}),
    ]
    for name, which, marker in groups:
        colour = {"color": data.values, "coloraxis": "coloraxis"}
        _add(figure, trace, data, which & ~unknown, f"{name} ({int(which.sum()):,})", marker | colour)
        hollow = {"color": palette.MUTED, "symbol": "circle-open"}
        _add(figure, trace, data, which & unknown, f"{name}, {COLOURINGS[coloured]} unknown", marker | hollow)
    star = {"size": 18, "symbol": "star", "color": palette.VERMILLION, "line": {"width": 1, "color": palette.BLACK}}
    _add(figure, trace, data, _only(data, data.best), "best", star)
    ring = {"size": 20, "symbol": "circle-open", "color": palette.SELECTED, "line": {"width": 3}}
    place = data.architectures.index(selected) if selected in data.architectures else None
    _add(figure, trace, data, _only(data, place), "selected", ring)
    styled(figure, data.title)
    bar = {"title": COLOURINGS[coloured], "thickness": 12, "outlinewidth": 0}
    figure.update_layout(
        hovermode="closest",
        legend={"x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"},
        coloraxis={"colorscale": palette.SCALE, "cmin": data.scale[0], "cmax": data.scale[1], "colorbar": bar},
    )
    room = 0.06 * np.maximum(data.span[1] - data.span[0], 1e-3)
    axes = zip(data.explained, *(data.span + np.outer((-1, 1), room)), strict=True)
    for update, (share, low, high) in zip((figure.update_xaxes, figure.update_yaxes), axes, strict=True):
        update(title_text=f"principal component, {share:.0%} of the variance", range=[low, high], showticklabels=False)
    return figure


def _best(firsts: pd.DataFrame, queried: NDArray[np.bool_]) -> int | None:
    column, which = ("accuracy", queried) if queried.any() else ("fitness", np.ones(len(firsts), bool))
    values = np.where(which, firsts[column].to_numpy(float), np.nan)
    return None if np.isnan(values).all() else int(np.nanargmax(values))


def _title(firsts: pd.DataFrame, queried: NDArray[np.bool_], best: int | None) -> str:
    if best is None:
        return "Architectures tried"
    tried = f"{len(firsts):,} architectures tried, {int(queried.sum()):,} queried"
    accuracy = float(firsts["accuracy"].iloc[best])
    return tried if np.isnan(accuracy) else f"{tried}; the best has {rounded(accuracy)}"


def _said(row: Any, query: float) -> str:
    lines = [f"trial {int(row.place):,}, " + (f"query {int(query):,}" if query == query else "not queried")]
    if row.jumped:
        lines.append("jumped here: the mutant is not measured")
    if row.accuracy == row.accuracy:
        lines.append(f"accuracy {row.accuracy:.4g}")
    if row.fitness == row.fitness:
        lines.append(f"score {row.fitness:.4g}")
    return "<br>".join([wrapped(row.architecture), *(escape(line) for line in lines)])


def _lines(shown: pd.DataFrame, everything: pd.DataFrame, number: dict[str, int]) -> list[tuple[int, int]]:
    children = shown[shown["parent"].notna()]
    parents = everything["architecture"].iloc[children["parent"].astype(int)]
    return [(number[a], number[b]) for a, b in zip(parents, children["architecture"], strict=True) if a != b]


def _only(data: MapData, place: int | None) -> NDArray[np.bool_]:
    return np.arange(len(data.architectures)) == (-1 if place is None else place)


def _ancestry(data: MapData, trace: Any) -> Any:
    """Draw all lines as one trace, with gaps."""
    ends = data.places[np.array(data.lines, dtype=int).reshape(-1, 2)]
    gaps = np.full((len(ends), 1, 2), np.nan)
    x, y = np.concatenate([ends, gaps], axis=1).reshape(-1, 2).T
    line = {"color": palette.MUTED, "width": 0.7}
    return trace(x=x, y=y, mode="lines", name="parent to child", line=line, opacity=0.5, hoverinfo="skip")


def _add(
    figure: go.Figure,
    trace: Any,
    data: MapData,
    which: NDArray[np.bool_],
    name: str,
    marker: dict[str, Any],
) -> None:
    if not which.any():
        return
    places = np.flatnonzero(which)
    if "coloraxis" in marker:
        marker = marker | {"color": marker["color"][which]}
    figure.add_trace(
        trace(
            x=data.places[which, 0],
            y=data.places[which, 1],
            mode="markers",
            name=name,
            marker=marker,
            unselected={"marker": {"opacity": 1}},
            customdata=[(data.architectures[i], data.texts[i]) for i in places],
            hovertemplate="%{customdata[1]}<extra></extra>",
        )
    )
