"""Distribution of a sample's accuracies among all known ones of a task."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from app.charts import palette
from app.charts.layout import empty, styled

_BINS = 80  # many, because a few untrainable architectures stretch the range
_MOST_MARKS = 50  # with more, single architectures are indistinguishable


class DistributionData(NamedTuple):
    """Data of the chart: shares of each group in % by bin, both shape (bins,), on shared ``edges``, (bins + 1,)."""

    title: str
    unit: str
    edges: NDArray[np.float64]
    known: NDArray[np.float64]
    sample: NDArray[np.float64]
    marks: NDArray[np.float64]
    """Accuracies of a small sample; empty for a larger one."""


def distribution_data(known: ArrayLike, sample: ArrayLike, unit: str = "%") -> DistributionData:
    """Compute histograms of all ``known`` accuracies and of the ``sample``, both 1-D; nan accuracies do not count."""
    everything, drawn = (_finite(values) for values in (known, sample))
    both = np.concatenate([everything, drawn])
    edges = np.histogram_bin_edges(both, bins=_BINS) if both.size else np.zeros(0)
    return DistributionData(
        title=_title(everything, drawn, unit),
        unit=unit,
        edges=edges,
        known=_shares(everything, edges),
        sample=_shares(drawn, edges),
        marks=drawn if drawn.size <= _MOST_MARKS else np.zeros(0),
    )


def distribution_figure(data: DistributionData) -> go.Figure:
    """Draw all known accuracies as bars, the sample's on top, and a mark for each architecture of a small sample."""
    if not data.edges.size:
        return empty(data.title, "no accuracies known")
    centres, widths = (data.edges[:-1] + data.edges[1:]) / 2, np.diff(data.edges)
    unit = f" {data.unit}" if data.unit else ""
    hover = f"accuracy %{{x:.4g}}{unit}<br>%{{y:.1f}} % of %{{fullData.name}}<extra></extra>"
    figure = go.Figure()
    # The sample's bars are narrower, so that neither group hides the other.
    for name, share, colour, width in (
        ("all known", data.known, palette.MUTED, widths),
        ("sample", data.sample, palette.BARRIER, widths / 2),
    ):
        if share.any():
            marker = {"color": colour, "line": {"width": 0}}
            figure.add_trace(go.Bar(x=centres, y=share, width=width, name=name, marker=marker, hovertemplate=hover))
    peak = max(float(data.known.max()), float(data.sample.max()))
    if data.marks.size:
        stroke = {"symbol": "line-ns", "size": 10, "line": {"color": palette.BARRIER, "width": 1.5}}
        y, hover = np.full(data.marks.size, -0.04 * peak), f"accuracy %{{x:.4g}}{unit}<extra></extra>"
        rug = go.Scatter(x=data.marks, y=y, mode="markers", marker=stroke, hovertemplate=hover, showlegend=False)
        figure.add_trace(rug)
    styled(figure, data.title)
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(title_text=f"accuracy ({data.unit})" if data.unit else "accuracy")
    figure.update_yaxes(title_text="share of group (%)", range=[-0.08 * peak if data.marks.size else 0, 1.05 * peak])
    return figure


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=float)
    return array[np.isfinite(array)]


def _shares(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    if not values.size:
        return np.zeros(max(0, edges.size - 1))
    return 100 * np.histogram(values, bins=edges)[0] / values.size


def _title(known: NDArray[np.float64], sample: NDArray[np.float64], unit: str) -> str:
    count = f"{sample.size:,} of {known.size:,} architectures"
    if not sample.size:
        return count
    form = ".1f" if unit == "%" else ".3g"
    low, high, median = (format(float(v), form) for v in (sample.min(), sample.max(), np.median(sample)))
    after = f" {unit}" if unit else ""
    return f"{count}, accuracy {low} – {high}{after}, median {median}{after}"
