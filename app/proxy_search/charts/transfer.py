"""Transfer: how proxies found on one space and task rank the architectures of others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.correlation_map import correlation_map
from app.charts.layout import empty, rounded, styled

NOT_EVALUATED = "not evaluated"


class TransferData(NamedTuple):
    """Data of the chart: rows are spaces with a task, columns are proxies; arrays have shape (rows, columns)."""

    title: str
    places: list[tuple[str, str]]
    """Space and task of each row."""
    proxies: list[str]
    rho: NDArray[np.float64]
    """ρ; nan where not evaluated."""
    n: NDArray[np.int64]
    text: list[list[str]]
    home: NDArray[np.bool_]
    """Whether the proxy was found on this space and task, so that it is no transfer."""


def transfer_data(
    cells: pd.DataFrame, places: list[tuple[str, str]] | None = None, proxies: list[str] | None = None
) -> TransferData:
    """Arrange the ``cells``: one row per evaluated cell, columns space, task, proxy, rho, n and optionally home (bool).

    ``places`` and ``proxies`` are the rows and columns; None: those of ``cells``, in their order. The last of several
    equal cells counts.
    """
    if places is None:
        places = list(dict.fromkeys(zip(cells["space"], cells["task"], strict=True)))
    if proxies is None:
        proxies = list(dict.fromkeys(cells["proxy"]))
    shape = (len(places), len(proxies))
    rho, n, home = np.full(shape, np.nan), np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    text = [[NOT_EVALUATED] * len(proxies) for _ in places]
    for cell in cells.to_dict("records"):
        place = (cell["space"], cell["task"])
        if place not in places or cell["proxy"] not in proxies:
            continue
        i, j = places.index(place), proxies.index(cell["proxy"])
        value = cell["rho"]
        rho[i, j] = np.nan if value is None else value
        n[i, j], home[i, j] = cell["n"], bool(cell.get("home", False))
        shown = "ρ undefined" if np.isnan(rho[i, j]) else rounded(rho[i, j])
        text[i][j] = f"{shown}<br>n = {n[i, j]:,}"
    return TransferData(_title(rho, home, places, proxies), places, proxies, rho, n, text, home)


def transfer_figure(data: TransferData) -> go.Figure:
    """Draw a heat map from −1 to 1. ``customdata`` of a cell: its space, task and proxy.

    Plotly reports clicks on points only, so each cell has an invisible point in its middle, and a click anywhere
    counts for the nearest. A frame marks where the proxy was found.
    """
    if not data.places or not data.proxies:
        return empty(data.title, "no proxy evaluated yet")
    rows = [f"{space}<br>{task}" for space, task in data.places]
    known = ~np.isnan(data.rho)
    text = [[t if k else "" for t, k in zip(*pair, strict=True)] for pair in zip(data.text, known, strict=True)]
    heat = correlation_map(data.rho, data.proxies, rows, text, xgap=2, ygap=2, hoverinfo="skip")
    cells = [(i, j) for i in range(len(rows)) for j in range(len(data.proxies))]
    unknown = ["" if known[cell] else data.text[cell[0]][cell[1]] for cell in cells]
    targets = go.Scatter(
        x=[data.proxies[j] for _, j in cells],
        y=[rows[i] for i, _ in cells],
        mode="markers+text",
        text=unknown,
        textfont={"color": palette.MUTED},
        unselected={"textfont": {"color": palette.MUTED}},
        marker={"size": 44, "symbol": "square", "color": "rgba(0,0,0,0)"},
        customdata=[(*data.places[i], data.proxies[j], data.text[i][j]) for i, j in cells],
        hovertemplate="%{customdata[0]}, %{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>",
        showlegend=False,
    )
    figure = styled(go.Figure([heat, targets]), data.title)
    for i, j in zip(*np.nonzero(data.home), strict=True):
        edge = {"color": palette.ORANGE, "width": 3}
        figure.add_shape(x0=j - 0.5, x1=j + 0.5, y0=i - 0.5, y1=i + 0.5, line=edge)
    figure.update_layout(height=150 + 56 * len(rows), hovermode="closest", hoverdistance=-1)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", title_text="space, task")
    figure.update_xaxes(showgrid=False, ticks="", title_text="proxy (framed: where it was found)")
    return figure


def _title(rho: NDArray[np.float64], home: NDArray[np.bool_], places: list[tuple[str, str]], proxies: list[str]) -> str:
    """State the range of ρ over the transfers, or over all cells if there is none, and where it is lowest."""
    away = np.where(home, np.nan, rho)
    known = away if np.isfinite(away).any() else rho
    if not np.isfinite(known).any():
        return "Transfer of proxies to other spaces and tasks"
    i, j = np.unravel_index(int(np.nanargmin(known)), rho.shape)
    what = "Transferred, ρ is" if known is away else "Where it was found, ρ is"
    low, high = rounded(float(known[i, j])), rounded(float(np.nanmax(known)))
    where = f"{proxies[j]} on {', '.join(places[i])}"
    if np.isfinite(known).sum() == 1:
        return f"{what} {low} ({where})"
    return f"{what} {low} to {high}, lowest for {where}"
