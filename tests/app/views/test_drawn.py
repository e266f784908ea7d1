"""A figure is drawn again only if what it shows has changed."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.views.drawn import drawn


class Data(NamedTuple):
    name: str
    values: np.ndarray


def bars(data: Data, *, colour: str = "red") -> go.Figure:
    return go.Figure(go.Bar(y=data.values, name=data.name, marker_color=colour))


def line(data: Data, *, colour: str = "red") -> go.Figure:
    return go.Figure(go.Scatter(y=data.values, name=data.name, line_color=colour))


def test_equal_data_give_the_same_figure() -> None:
    first = drawn(bars, Data("a", np.arange(3.0)), colour="blue")
    assert drawn(bars, Data("a", np.arange(3.0)), colour="blue") is first
    assert first.data[0].y.tolist() == [0, 1, 2]


def test_all_that_a_figure_depends_on_tells_figures_apart() -> None:
    given = Data("a", np.arange(3.0))
    others = [
        drawn(bars, given),
        drawn(bars, given, colour="blue"),
        drawn(bars, given._replace(name="b")),
        drawn(bars, given._replace(values=np.array([0.0, 1.0, 2.0001]))),
        drawn(line, given),
    ]
    assert len({figure.to_json() for figure in others}) == len(others)
