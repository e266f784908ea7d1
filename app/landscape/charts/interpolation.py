"""Loss along the straight line from the initial to the last point of a path (Goodfellow et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts import palette
from app.charts.shown import Shown
from app.charts.surface_titles import by_barrier, figures, with_remarks
from app.charts.surfaces import why_no_lines
from app.landscape.charts.lines import Line, lines_figure, symbols
from eproxy_engine.landscape.landscape import Landscape

HUMP = 1.01
"""Factor by which a loss on the way must exceed both ends to count as a hump."""
_ENDS = {0: "initial point", 1: "last point"}


class InterpolationData(NamedTuple):
    """Data of the chart: one line per landscape."""

    title: str
    lines: list[Line]
    logarithmic: bool
    nothing: str
    """Message if there is no loss to draw."""


def interpolation_data(shown: Sequence[Shown], logarithmic: bool) -> InterpolationData:
    """Prepare the lines of all landscapes on the same axes."""
    marks = symbols([each.barrier for each in shown])
    lines = [
        Line(
            name=each.title,
            label=each.title,
            barrier=each.barrier,
            dashed=False,
            symbol=mark,
            x=each.landscape.interpolation_x,
            loss=each.landscape.interpolation,
        )
        for each, mark in zip(shown, marks, strict=True)
    ]
    return InterpolationData(_title(shown), lines, logarithmic, why_no_lines(shown))


def interpolation_figure(data: InterpolationData) -> go.Figure:
    """Draw the loss by position on the line; dotted lines mark its ends."""
    x_title = "position: 0 initial point, 1 last point"
    figure = lines_figure(data.title, data.lines, x_title, data.logarithmic, data.nothing)
    if not figure.data:
        return figure
    for position, name in _ENDS.items():
        line = {"color": palette.MUTED, "width": 1, "dash": "dot"}
        figure.add_vline(position, line=line, annotation={"text": name, "font": {"color": palette.MUTED}})
    return figure


def _title(shown: Sequence[Shown]) -> str:
    if not shown or any(not len(each.landscape.path) for each in shown):
        return "Loss on the straight line from the initial to the last point"
    ends = [(each.landscape.path[0, 2], each.landscape.path[-1, 2]) for each in shown]
    told = by_barrier(
        (f"{figures(first)} → {figures(last)}", each.barrier) for (first, last), each in zip(ends, shown, strict=True)
    )
    humps = [_hump(each.landscape) for each in shown]
    crossed = by_barrier((f"{figures(hump)}", each.barrier) for hump, each in zip(humps, shown, strict=True) if hump)
    remark = f"hump on the straight line, up to a loss of {crossed}" if crossed else "no hump on the straight line"
    return with_remarks(f"Loss from the initial to the last point: {told}", [remark] if _there(shown) else [])


def _hump(landscape: Landscape) -> float | None:
    """Return the highest loss between the ends if it exceeds both, else None."""
    position, loss = landscape.interpolation_x, landscape.interpolation
    between = loss[(position > 0) & (position < 1) & np.isfinite(loss)]
    highest = float(between.max(initial=-np.inf))
    return highest if highest > HUMP * max(landscape.path[0, 2], landscape.path[-1, 2]) else None


def _there(shown: Sequence[Shown]) -> bool:
    """Return whether the presence of a hump is known."""
    found = [each.landscape for each in shown]
    return all(np.isfinite(each.interpolation).any() and np.isfinite(each.path[[0, -1], 2]).all() for each in found)
