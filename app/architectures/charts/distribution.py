"""Distribution of a sample's accuracies among all known ones of a task."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from app.charts import palette
from app.charts.bulk import Bulk, bulk, number, with_button
from app.charts.layout import empty, styled

_BINS = 80  # many, because a few untrainable architectures stretch the range
_MOST_MARKS = 50  # with more, single architectures are indistinguishable


class Bins(NamedTuple):
    """Shares of each group in % by bin, both shape (bins,), on shared ``edges``, (bins + 1,)."""

    edges: NDArray[np.float64]
    known: NDArray[np.float64]
    sample: NDArray[np.float64]
    first: str = ""
    """What the first bin holds beside its own; empty for nothing."""
    last: str = ""

    @property
    def peak(self) -> float:
        """Highest share."""
        return max(float(self.known.max()), float(self.sample.max()))


class DistributionData(NamedTuple):
    """Data of the chart."""

    title: str
    unit: str
    bins: Bins
    bulk: Bins | None
    """Bins over the bulk of the accuracies, of which the outermost hold all beyond it; None if that is the same."""
    marks: NDArray[np.float64]
    """Accuracies of a small sample; empty for a larger one."""


def distribution_data(known: ArrayLike, sample: ArrayLike, unit: str = "%") -> DistributionData:
    """Compute histograms of all ``known`` accuracies and of the ``sample``, both 1-D; nan accuracies do not count."""
    everything, drawn = (_finite(values) for values in (known, sample))
    both = np.concatenate([everything, drawn])
    edges = np.histogram_bin_edges(both, bins=_BINS) if both.size else np.zeros(0)
    found = bulk(both)
    return DistributionData(
        title=_title(everything, drawn, unit),
        unit=unit,
        bins=Bins(edges, _shares(everything, edges), _shares(drawn, edges)),
        bulk=None if found is None else _of_bulk(everything, drawn, found),
        marks=drawn if drawn.size <= _MOST_MARKS else np.zeros(0),
    )


def distribution_figure(data: DistributionData) -> go.Figure:
    """Draw all known accuracies as bars, the sample's on top, and a mark for each architecture of a small sample."""
    if not data.bins.edges.size:
        return empty(data.title, "no accuracies known")
    unit = f" {data.unit}" if data.unit else ""
    shown = data.bins if data.bulk is None else data.bulk
    figure = go.Figure(_bars(shown, unit))
    if data.marks.size:
        stroke = {"symbol": "line-ns", "size": 10, "line": {"color": palette.BARRIER, "width": 1.5}}
        y, hover = np.full(data.marks.size, -0.04 * shown.peak), f"accuracy %{{x:.4g}}{unit}<extra></extra>"
        rug = go.Scatter(x=data.marks, y=y, mode="markers", marker=stroke, hovertemplate=hover, showlegend=False)
        figure.add_trace(rug)
    styled(figure, data.title)
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(title_text=f"accuracy ({data.unit})" if data.unit else "accuracy")
    bottom = -0.08 * shown.peak if data.marks.size else 0
    figure.update_yaxes(title_text="share of group (%)", range=[bottom, 1.05 * shown.peak])
    return figure if data.bulk is None else _confined(figure, data, unit)


def _bars(bins: Bins, unit: str) -> list[go.Bar]:
    """Draw both groups; the sample's bars are narrower, so that neither group hides the other."""
    centres, widths = (bins.edges[:-1] + bins.edges[1:]) / 2, np.diff(bins.edges)
    beyond = ["accuracy"] * len(centres)
    beyond[0], beyond[-1] = (f"{told}: accuracy" if told else "accuracy" for told in (bins.first, bins.last))
    hover = f"%{{customdata}} %{{x:.4g}}{unit}<br>%{{y:.1f}} % of %{{fullData.name}}<extra></extra>"
    groups = (
        ("all known", bins.known, palette.MUTED, widths),
        ("sample", bins.sample, palette.BARRIER, widths / 2),
    )
    return [
        go.Bar(
            x=centres,
            y=share,
            width=width,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            customdata=beyond,
            hovertemplate=hover,
        )
        for name, share, colour, width in groups
        if share.any()
    ]


def _confined(figure: go.Figure, data: DistributionData, unit: str) -> go.Figure:
    """Confine the axis to the bulk, and add the bars that show all, behind the button."""
    assert data.bulk is not None
    near = _bars(data.bulk, unit)
    everything = _bars(data.bins, unit)
    places = range(len(figure.data), len(figure.data) + len(everything))
    figure.add_traces([bar.update(visible=False) for bar in everything])
    edges = data.bulk.edges
    ends = (float(edges[0]), float(edges[-1]))
    told = [text for text in (data.bulk.first, data.bulk.last) if text]
    figure.update_xaxes(range=ends)
    figure.add_annotation(
        text=f"at the edge: {', '.join(told)}",
        x=0 if data.bulk.first else 1,
        xanchor="left" if data.bulk.first else "right",
        y=0.95,
        yanchor="top",
        xref="paper",
        yref="paper",
        showarrow=False,
    )
    shown = dict.fromkeys(range(len(near)), False) | dict.fromkeys(places, True)
    return with_button(figure, {"xaxis": ends}, shown)


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=float)
    return array[np.isfinite(array)]


def _shares(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    if not values.size:
        return np.zeros(max(0, edges.size - 1))
    return 100 * np.histogram(values, bins=edges)[0] / values.size


def _of_bulk(known: NDArray[np.float64], drawn: NDArray[np.float64], found: Bulk) -> Bins:
    """Make bins over the bulk, and one more at an end beyond which there are values."""
    edges = np.linspace(found.low, found.high, _BINS // 2 + 1)
    width = edges[1] - edges[0]
    edges = np.r_[[edges[0] - width] if found.below else [], edges, [edges[-1] + width] if found.above else []]
    of_known, of_drawn = (_shares(np.clip(values, edges[0], edges[-1]), edges) for values in (known, drawn))
    outside = [
        f"{share:.1f} % of all {word} {number(end)}" if share else ""
        for share, word, end in (
            (100 * float((known < found.low).mean()), "below", found.low),
            (100 * float((known > found.high).mean()), "above", found.high),
        )
    ]
    return Bins(edges, of_known, of_drawn, *outside)


def _title(known: NDArray[np.float64], sample: NDArray[np.float64], unit: str) -> str:
    count = f"{sample.size:,} of {known.size:,} architectures"
    if not sample.size:
        return count
    form = ".1f" if unit == "%" else ".3g"
    low, high, median = (format(float(v), form) for v in (sample.min(), sample.max(), np.median(sample)))
    after = f" {unit}" if unit else ""
    return f"{count}: {low} – {high}{after}, median {median}{after}"
