"""Agreement of a search space's tasks: rank correlations between their accuracies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts.correlation_map import correlation_map
from app.charts.layout import empty, rounded, styled
from eproxy_engine.statistics import spearman

SIZES = ("parameters", "flops")
FEWEST = 3
"""Fewest common architectures of two columns for a correlation."""


class TaskCorrelations(NamedTuple):
    """Spearman's ρ of each pair of columns over the architectures that have both; all shape (columns, columns)."""

    title: str
    names: list[str]
    rho: NDArray[np.float64]
    """ρ; nan where fewer than three architectures have both."""
    common: NDArray[np.int64]
    """Number of architectures that have both."""

    def of_tasks(self) -> TaskCorrelations:
        """Leave out accuracies after early stopping, and size."""
        kept = [place for place, name in enumerate(self.names) if "@" not in name and name not in SIZES]
        both = np.ix_(kept, kept)
        return TaskCorrelations(self.title, [self.names[place] for place in kept], self.rho[both], self.common[both])


def task_correlations(table: pd.DataFrame, tasks: list[str]) -> TaskCorrelations:
    """Correlate the columns of ``table``: one row per architecture, nan where a value is unknown.

    Columns are the ``tasks`` that it has, each followed by its early-stopping accuracies (``TASK@EPOCHS``), then
    parameters and FLOPs.
    """
    names = [c for task in tasks for c in table if c == task or str(c).startswith(f"{task}@")]
    names += [name for name in SIZES if names and table[name].notna().any()]
    values = table[names].to_numpy(float)
    there = np.isfinite(values)
    common = (there.T.astype(np.int64)) @ there.astype(np.int64)
    rho = np.full(common.shape, np.nan)
    for i in range(len(names)):
        for j in range(i + 1):
            both = there[:, i] & there[:, j]
            if both.sum() >= FEWEST:
                rho[i, j] = rho[j, i] = spearman(values[both, i], values[both, j])
    return TaskCorrelations(_title(tasks, names, rho), names, rho, common)


def task_correlations_figure(data: TaskCorrelations) -> go.Figure:
    """Draw a heat map from −1 to 1, the first column at the top."""
    if not data.names:
        return empty(data.title, "no accuracy is known for this space")
    text = [["" if np.isnan(value) else rounded(value) for value in row] for row in data.rho]
    hover = "%{y}<br>%{x}<br>ρ = %{z:.3f}, n = %{customdata:,}<extra></extra>"
    heat = correlation_map(data.rho, data.names, data.names, text, customdata=data.common, hovertemplate=hover)
    figure = styled(go.Figure(heat), data.title)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(tickangle=-40, showgrid=False)
    return figure


def _title(tasks: list[str], names: list[str], rho: NDArray[np.float64]) -> str:
    """Name the two tasks that agree least."""
    places = [names.index(task) for task in tasks if task in names]
    pairs = [(rho[i, j], names[j], names[i]) for i in places for j in places if j < i and np.isfinite(rho[i, j])]
    if not pairs:
        return "Rank correlations" if names else "No measured task"
    low, first, second = min(pairs)
    high = max(pairs)[0]
    if len(pairs) == 1:
        return f"{first} and {second} agree with ρ = {rounded(low)}"
    return f"Tasks agree with ρ from {rounded(low)} ({first}, {second}) to {rounded(high)}"
