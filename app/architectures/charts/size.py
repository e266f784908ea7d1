"""Accuracy against parameters and FLOPs: how much size alone says about an architecture."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.bulk import Bulk, bulk, over_the_bulk
from app.charts.layout import empty, rounded, styled, wrapped
from app.charts.scatter import MOST_SVG_POINTS
from eproxy_engine.statistics import spearman

MEASURES = {"parameters": "parameters (M)", "flops": "FLOPs (M)"}
MOST_BEHIND = 1000
"""Largest number of points behind the sample that are drawn, in each panel: of more, so many are drawn at random, and
without hover boxes. Without a graphics card, 15,000 points by WebGL keep a browser busy for seconds."""


class SizeData(NamedTuple):
    """Data of the chart: x and y of all measured architectures and of the sample, one x per measure."""

    title: str
    architectures: list[str]
    accuracy: np.ndarray
    millions: dict[str, np.ndarray]
    """Measure -> shape (n,)."""
    in_sample: np.ndarray
    """Which architectures are in the sample, shape (n,)."""
    selected: str | None
    bulk: Bulk | None
    """Accuracies that the picture shows; None for all."""


def size_data(known: pd.DataFrame, sample: list[str], selected: str | None = None) -> SizeData:
    """Prepare ``known``: columns architecture, accuracy, parameters and flops (rows that lack one do not count)."""
    rows = known.dropna(subset=["accuracy", *MEASURES])
    accuracy = rows["accuracy"].to_numpy(float)
    found = [f"{title.split(' (')[0]} {rounded(spearman(rows[name], accuracy))}" for name, title in MEASURES.items()]
    return SizeData(
        title=f"ρ of {', of '.join(found)}, n = {len(rows):,}" if len(rows) > 1 else f"n = {len(rows)}",
        architectures=rows["architecture"].tolist(),
        accuracy=accuracy,
        millions={name: rows[name].to_numpy(float) / 1e6 for name in MEASURES},
        in_sample=rows["architecture"].isin(sample).to_numpy(bool),
        selected=selected if selected in set(rows["architecture"]) else None,
        bulk=bulk(accuracy),
    )


def size_figure(data: SizeData, *, accuracy_title: str = "accuracy (%)") -> go.Figure:
    """Draw two panels with one accuracy axis. ``customdata[0]`` of a point is the text of its architecture."""
    if not data.architectures:
        return empty(data.title, "no measured architecture whose size is known")
    figure = make_subplots(cols=2, shared_yaxes=True, horizontal_spacing=0.04)
    chosen = np.array([text == data.selected for text in data.architectures])
    behind = np.flatnonzero(~data.in_sample)
    many = len(behind) > MOST_BEHIND
    drawn = np.zeros(len(data.architectures), bool)
    drawn[np.random.default_rng(0).permutation(behind)[:MOST_BEHIND]] = True
    groups = (
        (
            "measured, some of them" if many else "all measured",
            drawn,
            {"color": palette.MUTED, "size": 5, "opacity": 0.35},
            not many,
        ),
        ("sample", data.in_sample, {"color": palette.BARRIER, "size": 6, "opacity": 0.85}, True),
        ("selected", chosen, {"color": palette.SELECTED, "size": 14, "line": {"width": 1.5}}, True),
    )
    points = go.Scattergl if data.in_sample.sum() > MOST_SVG_POINTS else go.Scatter
    for column, (name, title) in enumerate(MEASURES.items(), start=1):
        for label, which, marker, hover in groups:
            if which.any():
                trace = points(
                    x=data.millions[name][which],
                    y=data.accuracy[which],
                    mode="markers",
                    name=label,
                    legendgroup=label,
                    showlegend=column == 1,
                    marker=marker,
                    **(_hover(data, which, title) if hover else {"hoverinfo": "skip"}),
                )
                figure.add_trace(trace, row=1, col=column)
        figure.update_xaxes(title_text=f"{title}, logarithmic", type="log", row=1, col=column, **_ticks(data, name))
    figure.update_yaxes(title_text=accuracy_title, row=1, col=1)
    return over_the_bulk(styled(figure, data.title), {"y": data.bulk, "y2": data.bulk})


def _hover(data: SizeData, which: np.ndarray, title: str) -> dict[str, Any]:
    texts = [data.architectures[i] for i in np.flatnonzero(which)]
    template = f"%{{customdata[1]}}<br>accuracy %{{y:.4g}}<br>{title} %{{x:.4g}}<extra></extra>"
    return {"customdata": [(text, wrapped(text)) for text in texts], "hovertemplate": template}


def _ticks(data: SizeData, name: str) -> dict[str, Any]:
    """Return labels at 1, 2 and 5 if the values span little more than a decade."""
    values = data.millions[name][data.millions[name] > 0]
    spans_little = values.size > 0 and values.max() / values.min() < 200
    return {"dtick": "D2"} if spans_little else {}
