"""ρ of every proxy with its interval, and whether it is ahead of one of them by more than chance: a forest plot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, rounded, styled
from app.correlations.charts.points import Rows
from app.views.difference import told
from eproxy_engine.statistics import Difference


class ForestData(NamedTuple):
    """Proxies whose ρ is defined, highest first; arrays of shape (m,), ``low`` and ``high`` nan without an interval."""

    title: str
    titles: list[str]
    rho: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    ahead: list[str]
    """How far each is ahead of the baseline, with the paired interval; empty for the baseline itself."""
    beyond_chance: NDArray[np.bool_]
    baseline: int
    """Place of the baseline; −1 if its ρ is undefined."""


def forest_data(rows: Rows, baseline: str, differences: Mapping[str, Difference]) -> ForestData:
    """Sort the proxies of ``rows`` (name, title, rho, rho_low, rho_high, n).

    ``baseline``: name of the row that the others are compared with. ``differences``: of each other one from it.
    """
    known = sorted((row for row in rows if row.get("rho") is not None), key=lambda row: -row["rho"])
    parts = ("rho", "rho_low", "rho_high")
    rho, low, high = np.array([[row.get(part) for part in parts] for row in known], dtype=float).reshape(-1, 3).T
    names = [row["name"] for row in known]
    others = [differences.get(name) for name in names]
    return ForestData(
        _title(known, baseline, differences),
        [row["title"] for row in known],
        rho,
        low,
        high,
        [f"{told(each)}" if each else "" for each in others],
        np.array([bool(each and each.beyond_chance) for each in others]),
        names.index(baseline) if baseline in names else -1,
    )


def forest_figure(data: ForestData) -> go.Figure:
    """Draw a dot with its 95 % interval for each proxy, the interval of the baseline shaded across all of them.

    A filled dot differs from the baseline by more than chance; a hollow one may not differ.
    """
    m = len(data.titles)
    if not m:
        return empty(data.title, "no proxy measured yet")
    figure = go.Figure()
    if data.baseline >= 0:
        _baseline(figure, data)
    certain = data.beyond_chance
    own = np.arange(m) == data.baseline
    groups = (
        ("differs by more than chance", certain, palette.BLUE, "circle"),
        ("may be chance", ~certain & ~own, palette.BLUE, "circle-open"),
        ("compared with", own, palette.MUTED, "diamond"),
    )
    for name, which, colour, symbol in groups:
        if which.any():
            figure.add_trace(_dots(data, np.flatnonzero(which), name, colour, symbol))
    styled(figure, data.title)
    figure.update_layout(height=150 + 26 * m, hovermode="closest", showlegend=len(figure.data) > 1)
    figure.update_xaxes(title_text="ρ, 95 % interval")
    figure.update_yaxes(tickvals=list(range(m)), ticktext=data.titles, range=[m - 0.4, -0.6], showgrid=False, ticks="")
    return figure


def _baseline(figure: go.Figure, data: ForestData) -> None:
    low, high, value = data.low[data.baseline], data.high[data.baseline], data.rho[data.baseline]
    if np.isfinite(low):
        figure.add_vrect(low, high, fillcolor=palette.MUTED, opacity=0.15, line_width=0, layer="below")
    figure.add_vline(value, line={"color": palette.MUTED, "width": 1, "dash": "dot"}, layer="below")


def _dots(data: ForestData, which: NDArray[np.int64], name: str, colour: str, symbol: str) -> go.Scatter:
    texts = [_text(data, i) for i in which]
    return go.Scatter(
        x=data.rho[which],
        y=which,
        error_x={
            "type": "data",
            "array": data.high[which] - data.rho[which],
            "arrayminus": data.rho[which] - data.low[which],
            "thickness": 1.5,
            "width": 3,
            "color": colour,
        },
        mode="markers",
        name=name,
        marker={"size": 10, "color": colour, "symbol": symbol, "line": {"width": 2, "color": colour}},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _text(data: ForestData, place: int) -> str:
    interval = "" if np.isnan(data.low[place]) else f" [{rounded(data.low[place])}, {rounded(data.high[place])}]"
    line = f"{data.titles[place]}<br>ρ = {rounded(data.rho[place])}{interval}"
    if not data.ahead[place]:
        return line
    return f"{line}<br>difference, paired: {data.ahead[place]}"


def _title(known: Rows, baseline: str, differences: Mapping[str, Difference]) -> str:
    """Say how many rank better than the baseline by more than chance."""
    if not known:
        return "ρ undefined for all proxies"
    title = next((row["title"] for row in known if row["name"] == baseline), None)
    others = [differences[row["name"]] for row in known if row["name"] in differences]
    if title is None or not others:
        return f"ρ, n = {known[0]['n']:,}"
    better = sum(each.beyond_chance and each.value > 0 for each in others)
    return f"{better} of {len(others)} rank better than {title} by more than chance, n = {known[0]['n']:,}"
