"""How far the barrier is ahead in several settings, with paired intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, laid_out, rounded, styled
from app.views.difference import told
from eproxy_engine.statistics import Difference

ROW_HEIGHT, REST_HEIGHT = 44, 130


class WhenData(NamedTuple):
    """Data of the chart, one entry a setting, the furthest ahead first."""

    title: str
    settings: list[str]
    differences: list[Difference]


def when_data(found: Sequence[tuple[str, Difference]], title: str) -> WhenData:
    """Sort the settings with a known difference."""
    known = sorted((each for each in found if np.isfinite(each[1].value)), key=lambda each: -each[1].value)
    return WhenData(title, [name for name, _ in known], [difference for _, difference in known])


def when_figure(data: WhenData) -> go.Figure:
    """Draw ρ with minus ρ without the barrier: filled where more than chance shows, hollow where not."""
    if not data.settings:
        return empty(data.title, "nothing to compare yet")
    figure = go.Figure()
    for sure, name in ((True, "more than chance"), (False, "may be chance")):
        rows = [
            (setting, each)
            for setting, each in zip(data.settings, data.differences, strict=True)
            if each.beyond_chance == sure
        ]
        if not rows:
            continue
        values = np.array([each.value for _, each in rows])
        figure.add_trace(
            go.Scatter(
                x=values,
                y=[setting for setting, _ in rows],
                mode="markers",
                name=name,
                marker={
                    "size": 13,
                    "color": [palette.BARRIER if value > 0 else palette.NO_BARRIER for value in values],
                    "symbol": "circle" if sure else "circle-open",
                    "line": {"width": 2.5},
                },
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": np.nan_to_num([each.high - each.value for _, each in rows]),
                    "arrayminus": np.nan_to_num([each.value - each.low for _, each in rows]),
                    "color": palette.MUTED,
                },
                customdata=[(told(each), rounded(each.first), rounded(each.second), f"{each.n:,}") for _, each in rows],
                hovertemplate="%{y}<br>ρ %{customdata[1]} with the barrier, %{customdata[2]} without"
                "<br>difference %{customdata[0]}, n = %{customdata[3]}<extra></extra>",
            )
        )
    figure.add_vline(0, line={"color": palette.MUTED, "width": 1.5})
    styled(figure, data.title)
    figure.update_xaxes(title_text="← no barrier is ahead    difference of ρ    the barrier is ahead →")
    figure.update_yaxes(categoryorder="array", categoryarray=data.settings[::-1])
    return laid_out(figure, height=REST_HEIGHT + ROW_HEIGHT * len(data.settings), showlegend=True)
