"""Rank correlations between proxies: which order the architectures alike, and which merely by size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from app.charts.correlation_map import correlation_map
from app.charts.layout import empty, rounded, styled
from app.correlations.charts.points import Rows
from eproxy_engine.statistics import correlation_matrix

SIZES = {"parameters": "parameters", "flops": "FLOPs"}
_MOST_WRITTEN = 16  # proxies; with more, the numbers no longer fit in their cells


class ProxyMatrixData(NamedTuple):
    """Spearman's ρ between every two proxies, shape (m, m), nan where undefined."""

    title: str
    titles: list[str]
    rho: NDArray[np.float64]


def proxy_matrix_data(scores: pd.DataFrame, rows: Rows, clustered: bool = True) -> ProxyMatrixData:
    """Correlate the proxies of ``rows``, and parameters and FLOPs if known for all architectures.

    ``clustered``: proxies that agree are next to each other; otherwise in the given order, size last.
    """
    titles = {row["name"]: row["title"] for row in rows}
    if titles:
        titles |= {size: title for size, title in SIZES.items() if size not in titles and scores[size].notna().all()}
    rho = correlation_matrix(scores[list(titles)].to_numpy(float).T)
    order = _clustered(rho) if clustered and len(titles) > 2 else list(range(len(titles)))
    shown = list(titles.values())
    sizes = [name in SIZES for name in titles]
    return ProxyMatrixData(_title(rho, shown, sizes), [shown[i] for i in order], rho[np.ix_(order, order)])


def proxy_matrix_figure(data: ProxyMatrixData) -> go.Figure:
    """Draw a heat map with the first proxy at the top left."""
    m = len(data.titles)
    if not m:
        return empty(data.title, "no proxy measured yet")
    text = [["" if np.isnan(value) else rounded(value) for value in row] for row in data.rho]
    hover = "%{y}<br>%{x}<br>ρ = %{z:.3f}<extra></extra>"
    written = text if m <= _MOST_WRITTEN else None
    heat = correlation_map(data.rho, data.titles, data.titles, written, hovertemplate=hover)
    figure = styled(go.Figure(heat), data.title)
    figure.update_layout(height=170 + max(24 * m, 200))
    figure.update_yaxes(autorange="reversed", showgrid=False, dtick=1)
    figure.update_xaxes(tickangle=-40, showgrid=False, dtick=1)
    return figure


def _clustered(rho: NDArray[np.float64]) -> list[int]:
    """Order by average linkage with distance 1 − ρ; an undefined ρ counts as 0."""
    distance = 1 - np.nan_to_num(rho)
    tree = hierarchy.linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return [int(leaf) for leaf in hierarchy.leaves_list(tree)]


def _title(rho: NDArray[np.float64], titles: list[str], sizes: list[bool]) -> str:
    """Name the two proxies that agree most."""
    own = [i for i, size in enumerate(sizes) if not size]
    pairs = [(rho[i, j], titles[i], titles[j]) for i in own for j in own if i < j and np.isfinite(rho[i, j])]
    if not pairs:
        return "Rank correlations between proxies"
    highest, first, second = max(pairs)
    return f"{'Most alike: ' if len(pairs) > 1 else ''}{first} and {second}, ρ = {rounded(highest)}"
