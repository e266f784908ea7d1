"""One measure of many landscapes, by groups of architectures, with and without the barrier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette
from app.charts.layout import empty, styled
from app.charts.surface_titles import by_barrier, counted, figures, with_remarks
from eproxy_engine.landscape import CURVATURE, MEASURES

TITLES = MEASURES | CURVATURE
_APART = 0.17  # share of a group's height: with the barrier above, without below


class Measured(NamedTuple):
    """Values of one measure over seeds or directions."""

    group: str
    barrier: bool
    measure: str
    """A name among :data:`TITLES`."""
    values: Sequence[float]


class Dots(NamedTuple):
    """One row of the chart."""

    group: str
    barrier: bool
    values: NDArray[np.float64]
    """Finite values, ``[n]``."""
    mean: float
    spread: float
    """Standard deviation of the values (n − 1); 0 for a single one."""
    height: float
    """Position on the vertical axis: group ``i`` is around ``i``, the first at the top."""


class MeasuresData(NamedTuple):
    """Data of the chart."""

    title: str
    measure_title: str
    groups: list[str]
    rows: list[Dots]


def measures_data(rows: Sequence[Measured], measure: str) -> MeasuresData:
    """Select the ``rows`` of the measure; groups in their order of appearance."""
    chosen = [row for row in rows if row.measure == measure]
    groups = list(dict.fromkeys(row.group for row in chosen))
    dots = [_dots(row, groups.index(row.group)) for row in chosen]
    undefined = sum(len(row.values) for row in chosen) - sum(len(each.values) for each in dots)
    shown = [each for each in dots if len(each.values)]
    return MeasuresData(_title(TITLES[measure], groups, shown, undefined), TITLES[measure], groups, shown)


def measures_figure(data: MeasuresData) -> go.Figure:
    """Draw a dot for each value; mean and standard deviation above them."""
    if not data.rows:
        return empty(data.title, "no value is defined")
    figure = go.Figure()
    named: set[bool] = set()
    for row in data.rows:
        colour = palette.BARRIER if row.barrier else palette.NO_BARRIER
        name = "with the barrier" if row.barrier else "without"
        figure.add_trace(
            go.Scatter(
                x=row.values,
                y=np.full(len(row.values), row.height),
                mode="markers",
                marker={"symbol": "circle-open", "size": 9, "color": colour, "line": {"width": 1.5}},
                hovertemplate=f"{row.group}, {name}<br>%{{x:.4g}}<extra></extra>",
                showlegend=False,
            )
        )
        figure.add_trace(
            go.Scatter(
                x=[row.mean],
                y=[row.height],
                error_x={"type": "data", "array": [row.spread], "thickness": 2, "width": 6, "color": colour},
                mode="markers+text",
                marker={"symbol": "diamond", "size": 12, "color": colour},
                text=[_value(row)],
                textposition="top center",
                name=name,
                legendgroup=name,
                showlegend=row.barrier not in named,
                hovertemplate=f"{row.group}, {name}<br>mean %{{x:.4g}}<extra></extra>",
            )
        )
        named.add(row.barrier)
    styled(figure, data.title)
    figure.update_layout(height=160 + 110 * len(data.groups), margin={"l": 8, "r": 24, "t": 96, "b": 8})
    figure.update_xaxes(title_text=f"{data.measure_title}: mean ± standard deviation, one ring per landscape")
    ticks = {"tickvals": list(range(len(data.groups))), "ticktext": data.groups}
    figure.update_yaxes(**ticks, range=[len(data.groups) - 0.5, -0.5], showgrid=False)
    return figure


def _value(row: Dots) -> str:
    """Format the mean with its standard deviation, or the only value."""
    if len(row.values) == 1:
        return figures(row.mean)
    return f"{figures(row.mean)} ± {figures(row.spread)}, n = {len(row.values)}"


def _dots(row: Measured, place: int) -> Dots:
    values = np.asarray(row.values, dtype=float)
    known = values[np.isfinite(values)]
    mean = float(known.mean()) if known.size else float("nan")
    spread = float(known.std(ddof=1)) if known.size > 1 else 0.0
    return Dots(row.group, row.barrier, known, mean, spread, place + (-_APART if row.barrier else _APART))


def _title(measure: str, groups: Sequence[str], rows: Sequence[Dots], undefined: int) -> str:
    told = [
        f"{group} {by_barrier((figures(row.mean), row.barrier) for row in rows if row.group == group)}"
        for group in groups
        if any(row.group == group for row in rows)
    ]
    remark = counted(undefined, "value is undefined and left out", "values are undefined and left out")
    return with_remarks(f"{measure}: {'; '.join(told)}" if told else measure, [remark])
