"""What the model of a Bayesian search believes: predicted accuracy against FLOPs, and predictions beside outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.architecture_search.charts.front import pareto_front
from app.charts import palette
from app.charts.layout import empty, rounded, styled, wrapped
from app.charts.scatter import MOST_SVG_POINTS
from eproxy_engine.learning.normal_scores import normal_scores
from eproxy_engine.search.architecture_search.belief import Asked, Belief

INTERVAL = 1.2816
"""Standard deviations on either side of the mean that hold 80%."""
MARKED_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the queried architectures at whose accuracies the axis of predictions has a mark."""


class BeliefData(NamedTuple):
    """Data of the chart: n architectures; arrays have shape (n,)."""

    title: str
    architectures: list[str]
    millions: NDArray[np.float64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    front: NDArray[np.bool_]
    """Whether no other is at most as large and predicted better."""
    queried: NDArray[np.bool_]
    drawn: NDArray[np.bool_]
    """Others that are drawn, as all of them would hide each other."""
    next: str | None
    """The architecture asked for next."""
    marks: list[tuple[float, str]]
    """Normal scores, and the accuracies that the queried architectures have there."""


def belief_data(belief: Belief, following: Asked | None, digits: int = 2) -> BeliefData:
    """Prepare a belief. ``following``: the query after it, if there is one; ``digits``: digits of an accuracy."""
    mean, deviation = belief.prediction.mean, belief.prediction.deviation
    millions = belief.flops / 1e6
    front = pareto_front(millions, mean)
    queried = np.array([text in belief.queried for text in belief.architectures])
    others = np.flatnonzero(~front & ~queried)
    drawn = np.zeros(len(mean), bool)
    drawn[np.random.default_rng(0).permutation(others)[:MOST_SVG_POINTS]] = True
    best = belief.architectures[int(mean.argmax())]
    told = "queried already" if best in belief.queried else "not queried yet"
    title = f"After {len(belief.queried)} queries, the predicted best<br>of {len(mean):,} is {told}"
    return BeliefData(
        title,
        belief.architectures,
        millions,
        mean,
        deviation,
        front,
        queried,
        drawn,
        None if following is None else following.architecture,
        _marks(list(belief.queried.values()), digits),
    )


def belief_figure(data: BeliefData, accuracy_title: str = "accuracy") -> go.Figure:
    """Draw the points; ``customdata[0]`` of each is the text of its architecture."""
    figure = go.Figure()
    faint = {"size": 5, "opacity": 0.45, "color": palette.MUTED}
    figure.add_trace(_points(data, data.drawn, "others, some of them", faint))
    front = _points(data, data.front, "front, with 80% intervals", {"size": 7, "color": palette.BLUE})
    front.error_y = {
        "array": INTERVAL * data.deviation[data.front],
        "thickness": 1,
        "width": 3,
        "color": palette.BLUE,
    }
    figure.add_trace(front)
    figure.add_trace(_points(data, data.queried, "queried", {"size": 8, "color": palette.ORANGE}))
    if data.next is not None:
        star = {"size": 17, "symbol": "star", "color": palette.PURPLE, "line": {"width": 1, "color": palette.BLACK}}
        which = np.array([text == data.next for text in data.architectures])
        figure.add_trace(_points(data, which, "asked for next", star))
    styled(figure, data.title)
    figure.update_layout(hovermode="closest", legend={"x": 0, "xanchor": "left", "y": -0.3, "yanchor": "top"})
    figure.update_xaxes(title_text="FLOPs (M)")
    values, texts = zip(*data.marks, strict=True)
    figure.update_yaxes(title_text=f"predicted {accuracy_title}", tickvals=values, ticktext=texts)
    return figure


class OutcomesData(NamedTuple):
    """Data of the chart: m queries; arrays have shape (m,)."""

    title: str
    queries: list[int]
    predicted: list[float]
    reach: list[float]
    """Half of the 80% interval."""
    measured: list[float]
    details: list[tuple[str, str, str]]
    """Architecture, its text wrapped for the hover box, accuracy."""
    marked: int | None
    """The query that is looked at."""


def outcomes_data(asked: Sequence[Asked], marked: int | None = None, digits: int = 2) -> OutcomesData:
    """Prepare all queries of the model."""
    reach = [INTERVAL * each.deviation for each in asked]
    inside = sum(abs(each.measured - each.mean) <= half for each, half in zip(asked, reach, strict=True))
    return OutcomesData(
        f"{inside} of {len(asked)} outcomes lie in the model's 80% interval" if asked else "Predictions and outcomes",
        [each.query for each in asked],
        [each.mean for each in asked],
        reach,
        [each.measured for each in asked],
        [(each.architecture, wrapped(each.architecture), rounded(each.accuracy, digits)) for each in asked],
        marked,
    )


def outcomes_figure(data: OutcomesData) -> go.Figure:
    """Draw the prediction of every query with its interval, and what the query brought."""
    if not data.queries:
        return empty(data.title, "the model has not asked yet")
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=data.queries,
            y=data.predicted,
            error_y={"array": data.reach, "thickness": 1, "width": 0, "color": palette.BLUE},
            mode="markers",
            name="predicted, with 80% interval",
            marker={"size": 6, "color": palette.BLUE},
            hovertemplate="query %{x}: predicted %{y:.2f}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=data.queries,
            y=data.measured,
            mode="markers",
            name="measured",
            marker={"size": 8, "symbol": "diamond", "color": palette.ORANGE},
            customdata=data.details,
            hovertemplate="%{customdata[1]}<br>query %{x}: accuracy %{customdata[2]}<extra></extra>",
        )
    )
    styled(figure, data.title)
    if data.marked in data.queries:
        figure.add_vline(data.marked, line={"color": palette.PURPLE, "width": 1.5, "dash": "dot"})
    figure.update_layout(hovermode="closest", legend={"x": 0, "xanchor": "left", "y": -0.3, "yanchor": "top"})
    figure.update_xaxes(title_text="query")
    figure.update_yaxes(title_text="normal score among the queried")
    return figure


def _marks(accuracies: list[float], digits: int) -> list[tuple[float, str]]:
    ordered, scores = np.sort(accuracies), np.sort(normal_scores(accuracies))
    places = sorted({round(share * (len(ordered) - 1)) for share in MARKED_SHARES})
    by_text = {rounded(float(ordered[place]), digits): float(scores[place]) for place in places}
    return [(score, text) for text, score in by_text.items()]


def _points(data: BeliefData, which: NDArray[np.bool_], name: str, marker: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        x=data.millions[which],
        y=data.mean[which],
        mode="markers",
        name=name,
        marker=marker,
        customdata=[
            (data.architectures[place], wrapped(data.architectures[place]), float(data.deviation[place]))
            for place in np.flatnonzero(which)
        ],
        hovertemplate="%{customdata[1]}<br>%{x:.4g} M, normal score %{y:.2f} ± %{customdata[2]:.2f}<extra></extra>",
    )
