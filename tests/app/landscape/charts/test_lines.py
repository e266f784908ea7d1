"""Slices through the centre and the line from the initial to the last point."""

from dataclasses import replace

import numpy as np
import pytest

from app.charts import palette
from app.charts.shown import Shown
from app.landscape.charts.interpolation import interpolation_data, interpolation_figure
from app.landscape.charts.lines import Line, labels_at, loss_range, symbols
from app.landscape.charts.slices import slices_data, slices_figure
from tests.app.landscape.charts.made_landscapes import bowl, egg_box, made

WITH, WITHOUT = Shown("A, barrier", True, made(egg_box)), Shown("A, none", False, made(bowl))


def line(label: str, *losses: float) -> Line:
    loss = np.array(losses)
    return Line(label, label, True, False, None, np.arange(len(loss), dtype=float), loss)


def test_slices_are_solid_and_dashed_in_the_colours_of_the_barrier() -> None:
    figure = slices_figure(slices_data([WITH, WITHOUT], False))
    drawn = [(trace.line.color, trace.line.dash, trace.mode) for trace in figure.data[:4]]
    assert drawn == [(c, d, "lines") for c in (palette.BARRIER, palette.NO_BARRIER) for d in ("solid", "dash")]
    assert figure.data[2].name == "A, none, first direction"
    assert (figure.data[2].y[0], figure.data[3].y[0]) == (3, 4)
    assert {note.text for note in figure.layout.annotations} == {"A, barrier", "A, none"}
    explained = [(trace.name, trace.line.dash) for trace in figure.data if trace.showlegend]
    assert explained == [("first direction", "solid"), ("second direction", "dash")]


def test_title_of_slices() -> None:
    assert slices_data([WITHOUT], False).title == (
        "Highest over lowest loss along the two directions: 4.0× without the barrier"
    )
    gap = WITHOUT.landscape.slices.copy()
    gap[0, 3] = np.nan
    assert "1 gap" in slices_data([WITHOUT._replace(landscape=replace(WITHOUT.landscape, slices=gap))], False).title


def test_slices_not_there_yet() -> None:
    slices = np.full_like(WITH.landscape.slices, np.nan)
    waiting = WITH._replace(landscape=replace(made(computed=0), slices=slices))
    assert slices_data([waiting], False).title == "Loss along the two directions"
    assert slices_figure(slices_data([waiting], False)).layout.annotations[0].text == "not computed yet"
    diverged = WITH._replace(landscape=replace(WITH.landscape, slices=slices))
    assert slices_figure(slices_data([diverged], False)).layout.annotations[0].text == "no loss on them is finite"
    slices = slices.copy()
    slices[0] = 1.0
    partial = WITH._replace(landscape=replace(WITH.landscape, slices=slices))
    assert slices_data([partial], False).title == "Loss along the two directions"


def test_several_architectures_have_symbols() -> None:
    assert symbols([True, False]) == [None, None]
    assert symbols([True, False, True, False]) == ["circle", "circle", "square", "square"]
    figure = slices_figure(slices_data([WITH, WITH._replace(title="B, barrier")], True))
    assert [trace.marker.symbol for trace in figure.data[:4]] == ["circle", "circle", "square", "square"]
    assert figure.layout.yaxis.type == "log"


def test_range_of_losses() -> None:
    assert loss_range([line("a", 1, 3), line("b", 2, np.nan)], False) == pytest.approx((0.9, 3.1))
    assert loss_range([line("a", 0, 1, 100)], True) == pytest.approx((-0.1, 2.1))
    assert loss_range([], False) is None


def test_labels_keep_apart_and_inside() -> None:
    ends = [line("low", 0.0), line("high", 1.0), line("same", 1.0), line("gap", 0.5, np.nan), line("", 0.2)]
    found = labels_at(ends, False, (0.0, 1.0))
    assert [label.text for label in found] == ["low", "gap", "high", "same"]
    heights = [label.height for label in found]
    assert heights[-1] == pytest.approx(1.0)
    assert min(np.diff(heights)) == pytest.approx(0.07)


def test_interpolation() -> None:
    data = interpolation_data([WITH, WITHOUT], False)
    assert data.title.startswith(
        "Loss from the initial to the last point: 9.0 → 1.0 with the barrier, 9.0 → 1.0 without"
    )
    assert "no hump" in data.title
    figure = interpolation_figure(data)
    assert (figure.data[0].x[0], figure.data[0].x[-1]) == (-0.25, 1.25)
    assert (figure.data[0].y[0], figure.data[0].y[-1]) == (11, -1)
    assert [shape.x0 for shape in figure.layout.shapes] == [0, 1]
    assert {"initial point", "last point"} <= {note.text for note in figure.layout.annotations}


def test_hump_between_the_ends_is_told() -> None:
    losses = WITH.landscape.interpolation.copy()
    losses[np.abs(WITH.landscape.interpolation_x - 0.5).argmin()] = 12.0
    losses[0] = 50.0  # beyond the initial point: no hump on the way
    humped = WITH._replace(landscape=replace(WITH.landscape, interpolation=losses))
    title = interpolation_data([humped, WITHOUT], False).title
    assert "hump on the straight line, up to a loss of 12 with the barrier<" in title


def test_no_word_of_humps_where_an_end_has_no_loss() -> None:
    title = interpolation_data([Shown("B", True, made(path=((-1, 0, 9), (0, 0, np.nan))))], False).title
    assert title == "Loss from the initial to the last point: 9.0 → – with the barrier"


def test_interpolation_not_there_yet() -> None:
    nothing = np.full_like(WITH.landscape.interpolation, np.nan)
    waiting = Shown("B", True, replace(made(path=(), computed=0), interpolation=nothing))
    figure = interpolation_figure(interpolation_data([waiting], False))
    assert figure.layout.annotations[0].text == "not computed yet"
    assert not figure.layout.shapes
