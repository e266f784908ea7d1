"""Loss along each of the two directions through the centre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts import palette
from app.charts.shown import Shown
from app.charts.surface_titles import by_barrier, counted, figures, with_remarks
from app.charts.surfaces import why_no_lines
from app.landscape.charts.lines import Line, lines_figure, symbols
from eproxy_engine.landscape.landscape import Landscape


class SlicesData(NamedTuple):
    """Data of the chart: two lines per landscape, along its first (solid) and second (dashed) direction."""

    title: str
    lines: list[Line]
    logarithmic: bool
    nothing: str
    """Message if there is no loss to draw."""


def slices_data(shown: Sequence[Shown], logarithmic: bool) -> SlicesData:
    """Prepare the lines of all landscapes on the same axes."""
    marks = symbols([each.barrier for each in shown])
    lines = [
        Line(
            name=f"{each.title}, {direction} direction",
            label=each.title if index == 0 else "",
            barrier=each.barrier,
            dashed=index == 1,
            symbol=mark,
            x=each.landscape.slice_x,
            loss=each.landscape.slices[index],
        )
        for each, mark in zip(shown, marks, strict=True)
        for index, direction in enumerate(("first", "second"))
    ]
    return SlicesData(_title(shown), lines, logarithmic, why_no_lines(shown))


def slices_figure(data: SlicesData) -> go.Figure:
    """Draw the loss by distance from the centre."""
    x_title = "distance from the centre, along the direction"
    figure = lines_figure(data.title, data.lines, x_title, data.logarithmic, data.nothing)
    if not figure.data:
        return figure
    for name, dash in (("first direction", "solid"), ("second direction", "dash")):
        line = {"color": palette.MUTED, "width": 2.5, "dash": dash}
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="lines", name=name, line=line, showlegend=True))
    return figure


def _title(shown: Sequence[Shown]) -> str:
    ratios = [_ratio(each.landscape) for each in shown]
    if not shown or not np.isfinite(ratios).all():
        return "Loss along the two directions"
    told = by_barrier((f"{figures(ratio)}×", each.barrier) for ratio, each in zip(ratios, shown, strict=True))
    gaps = sum(int(np.isnan(each.landscape.slices).sum()) for each in shown)
    remark = counted(gaps, "gap: a point whose loss is not finite", "gaps: points whose loss is not finite")
    return with_remarks(f"Highest over lowest loss along the two directions: {told}", [remark])


def _ratio(landscape: Landscape) -> float:
    """Return highest over lowest loss; nan if a slice is not computed yet."""
    known = landscape.slices[np.isfinite(landscape.slices)]
    there = np.isfinite(landscape.slices).any(axis=1).all()
    return float(known.max() / known.min()) if there and known.min() > 0 else float("nan")
