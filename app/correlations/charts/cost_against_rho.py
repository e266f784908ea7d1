"""Cost of each proxy against its ρ: Fig. 1 of the paper on the user's own sample."""

from __future__ import annotations

import math
from html import escape
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, laid_out, rounded, styled
from app.correlations.charts.label_places import ABOVE, HEIGHT, label_places
from app.correlations.charts.points import Rows, best_title


class CostData(NamedTuple):
    """Proxies whose ρ is defined; arrays of shape (m,), nan where undefined."""

    title: str
    titles: list[str]
    milliseconds: NDArray[np.float64]
    """Cost per architecture; nan for a proxy read from a table."""
    rho: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def cost_data(rows: Rows) -> CostData:
    """Collect the ``rows`` whose ρ is defined."""
    known = [row for row in rows if row.get("rho") is not None]
    parts = ("seconds_per_architecture", "rho", "rho_low", "rho_high")
    seconds, rho, low, high = np.array([[row.get(p) for p in parts] for row in known], dtype=float).reshape(-1, 4).T
    milliseconds = np.where(seconds > 0, 1000 * seconds, np.nan)
    return CostData(_title(known, milliseconds), [row["title"] for row in known], milliseconds, rho, low, high)


def cost_figure(data: CostData) -> go.Figure:
    """Draw one labelled point per proxy, cost on a logarithmic axis, free proxies at the left edge."""
    if not data.titles:
        return empty(data.title, "nothing to compare yet")
    measured = np.isfinite(data.milliseconds)
    costs = data.milliseconds[measured]
    edge = float(costs.min()) / (costs.max() / costs.min()) ** 0.1 / 1.4 if costs.size else 1.0
    x = np.where(measured, data.milliseconds, edge)
    groups = (
        ("measured", measured, palette.BLUE, "circle"),
        ("from the table, no cost", ~measured, palette.MUTED, "diamond"),
    )
    figure = go.Figure()
    for name, which, colour, symbol in groups:
        if which.any():
            figure.add_trace(_points(data, x, which, name, colour, symbol))
    styled(figure, data.title)
    if costs.size and not measured.all():
        figure.add_vline(math.sqrt(edge * costs.min()), line={"color": palette.MUTED, "width": 1, "dash": "dot"})
    figure.update_layout(showlegend=len(figure.data) > 1, hovermode="closest")
    ticks = _ticks(costs)
    texts = [f"{tick:,g}" for tick in ticks] + ([] if measured.all() else ["none"])
    figure.update_xaxes(
        title_text="ms per architecture, logarithmic",
        type="log",
        tickvals=[*ticks, *([] if measured.all() else [edge])],
        ticktext=texts,
        range=_range(np.log10(x)),
    )
    # Plotly would make room for labels that have room already.
    figure.update_yaxes(title_text="ρ, 95 % interval", range=_height(data))
    return laid_out(figure, annotations=_labels(data, np.log10(x)))


def _labels(data: CostData, x: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Write the titles beside the points, with a line to the point from one that had to go far."""
    places = label_places(x, data.rho, data.titles, data.low, data.high)
    return [
        {
            "text": escape(title, quote=False),
            "x": float(across),
            "y": float(up),
            "ax": place.across,
            "ay": -place.up,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": palette.MUTED if place.far else "rgba(0,0,0,0)",
            "standoff": 6,
            "font": {"size": 12},
        }
        for title, across, up, place in zip(data.titles, x, data.rho, places, strict=True)
    ]


def _points(
    data: CostData,
    x: NDArray[np.float64],
    which: NDArray[np.bool_],
    name: str,
    colour: str,
    symbol: str,
) -> go.Scatter:
    places = np.flatnonzero(which)
    reach = {"array": (data.high - data.rho)[which], "arrayminus": (data.rho - data.low)[which]}
    return go.Scatter(
        x=x[which],
        y=data.rho[which],
        error_y={"type": "data", **reach, "thickness": 1, "width": 3, "color": colour},
        mode="markers",
        text=[data.titles[i] for i in places],
        name=name,
        marker={"size": 10, "color": colour, "symbol": symbol},
        customdata=[_said(data, int(i)) for i in places],
        hovertemplate="%{text}<br>%{customdata}<extra></extra>",
    )


def _said(data: CostData, place: int) -> str:
    rho, low, high, cost = (float(v[place]) for v in (data.rho, data.low, data.high, data.milliseconds))
    interval = "" if math.isnan(low) or math.isnan(high) else f" [{rounded(low)}, {rounded(high)}]"
    return f"ρ = {rounded(rho)}{interval}<br>" + (
        "no cost" if math.isnan(cost) else f"{_milliseconds(cost)} per architecture"
    )


def _milliseconds(cost: float) -> str:
    return f"{cost:,.0f} ms" if cost >= 100 else f"{cost:.3g} ms"


def _ticks(costs: NDArray[np.float64]) -> list[float]:
    """Return the powers of ten within the costs, and 2 and 5 times these if the costs span little."""
    if not costs.size:
        return []
    low, high = float(costs.min()), float(costs.max())
    steps = (1, 2, 5) if high / low < 200 else (1,)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    within = [tick for tick in ticks if low <= tick <= high]
    return within or [low]


def _height(data: CostData) -> tuple[float, float]:
    """Return the range of ρ with the room that labels may take."""
    known = np.concatenate([data.rho, data.low, data.high])
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    room = ABOVE / HEIGHT * ((high - low) or 1.0)
    return low - room, high + room


def _range(places: NDArray[np.float64]) -> tuple[float, float]:
    """Return the range in decades, wide enough for the labels at both ends."""
    low, high = float(places.min()), float(places.max())
    room = 0.08 * (high - low) or 0.5
    return low - room, high + 2 * room


def _title(known: Rows, milliseconds: NDArray[np.float64]) -> str:
    if not known:
        return best_title(known)
    best = max(range(len(known)), key=lambda i: known[i]["rho"])
    cost = "at no cost" if np.isnan(milliseconds[best]) else f"at {_milliseconds(milliseconds[best])} per architecture"
    return f"{best_title(known)}, {cost}"
