"""Predicted against measured, one point per architecture, with the model's interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from app.charts import palette
from app.charts.bulk import Bulk, bulk, over_the_bulk
from app.charts.layout import empty, rounded, styled, wrapped

INTERVAL = 1.2816
"""Standard deviations on either side of the mean that hold 80%."""
MOST_INTERVALS = 600
"""Above, intervals would hide the points."""


class Predicted(NamedTuple):
    """Points of one kind."""

    x: list[float]
    """Predicted."""
    reach: list[float]
    """Half of the interval; empty for none."""
    y: list[float]
    """Measured."""
    details: list[tuple[str, str, str]]
    """Architecture, its text wrapped for the hover box, prediction with interval."""


class PredictedData(NamedTuple):
    """Data of the chart."""

    title: str
    held_out: Predicted
    labelled: Predicted
    selected: Predicted
    bulk: Bulk | None = None
    """Accuracies that the picture shows; None for all."""


def predicted_data(
    table: pd.DataFrame, rho: float, judged: int, selected: str | None = None, ranks: bool = False
) -> PredictedData:
    """Prepare the rows of :func:`eproxy_engine.runs.kinds.ranking.problem.ranking` with a known accuracy.

    Args:
        table: The ranking.
        rho: Rank correlation over the held-out architectures.
        judged: Their number; those that are the same network as a labelled one do not count.
        selected: An architecture to highlight.
        ranks: Whether to show ranks of the accuracy instead of values.
    """
    known = table[table["accuracy"].notna()]
    y = known["accuracy"].rank() if ranks else known["accuracy"]
    kinds = [~known["labelled"], known["labelled"], known["architecture"] == selected]
    held_out, labelled, chosen = (_points(known[kind], y[kind]) for kind in kinds)
    title = f"ρ = {rounded(rho)} on {judged:,} held-out architectures" if np.isfinite(rho) else "not judged"
    return PredictedData(title, held_out, labelled, chosen, None if ranks else bulk(y))


def _points(rows: pd.DataFrame, y: pd.Series) -> Predicted:
    mean, deviation = rows["predicted"].to_numpy(float), rows["deviation"].to_numpy(float)
    reach = (INTERVAL * deviation).tolist() if np.isfinite(deviation).all() else []
    said = [
        f"{rounded(m)} ± {rounded(d)}" if np.isfinite(d) else rounded(m) for m, d in zip(mean, deviation, strict=True)
    ]
    names = rows["architecture"].tolist()
    return Predicted(mean.tolist(), reach, y.tolist(), list(zip(names, map(wrapped, names), said, strict=True)))


def predicted_figure(data: PredictedData, accuracy_title: str) -> go.Figure:
    """Draw measured over predicted. ``customdata[0]`` of every point is the text of its architecture."""
    if not data.held_out.x and not data.labelled.x:
        return empty(data.title, "no accuracy is known")
    figure = go.Figure()
    many = len(data.held_out.x) > MOST_INTERVALS
    size = 5 if many else 8
    _add(figure, data.held_out, "held out", palette.BLUE, size, 0.55 if many else 0.8, with_interval=not many)
    _add(figure, data.labelled, "labelled", palette.ORANGE, size + 3, 1, symbol="diamond")
    _add(figure, data.selected, "selected", palette.SELECTED, size + 8, 1)
    styled(figure, data.title)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(title_text="predicted (line: 80% interval)")
    figure.update_yaxes(title_text=accuracy_title)
    return over_the_bulk(figure, {"y": data.bulk})


def _add(
    figure: go.Figure,
    points: Predicted,
    name: str,
    colour: str,
    size: int,
    opacity: float,
    symbol: str = "circle",
    with_interval: bool = False,
) -> None:
    if not points.x:
        return
    interval = with_interval and points.reach
    figure.add_trace(
        go.Scatter(
            x=points.x,
            y=points.y,
            mode="markers",
            name=name,
            marker={"color": colour, "size": size, "opacity": opacity, "symbol": symbol},
            error_x={"array": points.reach, "color": "rgba(128,128,128,0.25)", "thickness": 1, "width": 0}
            if interval
            else None,
            customdata=points.details,
            hovertemplate="%{customdata[1]}<br>predicted %{customdata[2]}<br>measured %{y:.4g}<extra></extra>",
        )
    )
