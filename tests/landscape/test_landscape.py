"""What the pieces of a landscape show together, finished or not."""

import math

import numpy as np
import pytest

from eproxy_engine.landscape import Landscape, View, landscape, measures
from eproxy_engine.landscape.landscape import parts
from eproxy_engine.landscape.part import LINE_STEPS
from eproxy_engine.proxy import Outcome
from eproxy_engine.proxy.evaluation import Values
from tests.landscape.tiny import configuration, evaluation_of

VIEW = View(radius=2, steps=5, centre=2)
SURFACE = VIEW.coordinates()[:, None] ** 2 + 10 * VIEW.coordinates() ** 2 + 1
PARTS = parts(configuration(), VIEW)
EVALUATIONS = [evaluation_of(part) for part in PARTS]


def line(of: float) -> Values:
    return (tuple(of + step for step in range(LINE_STEPS)),)


FRAME = ((0.01, 0.25, 1.0), (0.0, 0.5, 3.0), (0.5, 0.25, 2.0), (0.0, 0.0, 1.0), (-0.5, 0.0, 0.5))
VALUES: list[Values] = [FRAME, line(1.0), line(2.0), line(3.0), ((4.0, 0.1, 7.0, 0.5),)]
VALUES += [(tuple(row),) for row in SURFACE.tolist()]


def seen(*without: int, values: list[Values] = VALUES) -> Landscape:
    """The landscape of all pieces but some, by their places."""
    outcomes = {
        evaluation.key: Outcome(each, 0.0)
        for place, (evaluation, each) in enumerate(zip(EVALUATIONS, values, strict=True))
        if place not in without
    }
    return landscape(VIEW, EVALUATIONS, outcomes)


def test_pieces_are_in_order_and_no_two_are_the_same() -> None:
    pieces = [(part.piece, part.index) for part in PARTS]
    lines = [("frame", 0), ("slice", 0), ("slice", 1), ("interpolation", 0), ("curvature", 0)]
    assert pieces == [*lines, *(("row", index) for index in range(5))]
    assert len({evaluation.key for evaluation in EVALUATIONS}) == len(EVALUATIONS)
    assert [part.flaw(values) for part, values in zip(PARTS, VALUES, strict=True)] == [None] * 10


def test_a_complete_landscape_has_all_of_it() -> None:
    found = seen()
    assert found.complete
    assert found.computed == 5
    assert found.x.tolist() == found.y.tolist() == [-2, -1, 0, 1, 2]
    assert np.array_equal(found.loss, SURFACE)
    assert found.loss[0, 2] == 5  # y = −2, x = 0
    assert found.measures == measures(SURFACE)
    assert (found.measures.ruggedness, found.measures.local_minima) == (11, 1)
    assert found.path.tolist() == [list(point) for point in FRAME[1:]]
    assert (found.cosine, found.explained, found.centre_loss) == FRAME[0]
    assert found.slices[:, 0].tolist() == [1, 2]
    assert found.interpolation.tolist() == list(VALUES[3][0])
    assert (found.top_eigenvalue, found.top_error, found.trace, found.trace_error) == (4, 0.1, 7, 0.5)
    assert len(found.slice_x) == len(found.interpolation_x) == found.slices.shape[1] == LINE_STEPS
    assert (found.slice_x[0], found.slice_x[-1]) == (-2, 2)


@pytest.mark.parametrize("missing", [(5,), (6, 9), (5, 6, 7, 8, 9)])
def test_rows_that_are_not_there_are_nan_and_so_are_the_measures(missing: tuple[int, ...]) -> None:
    found = seen(*missing)
    assert not found.complete
    assert found.computed == 5 - len(missing)
    for row in range(5):
        if 5 + row in missing:
            assert np.isnan(found.loss[row]).all()
        else:
            assert np.array_equal(found.loss[row], SURFACE[row])
    assert math.isnan(found.measures.ruggedness)
    assert math.isnan(found.measures.loss_range)
    assert found.centre_loss == 1


def test_every_piece_may_be_missing() -> None:
    found = seen(*range(10))
    assert found.loss.shape == (5, 5)
    assert np.isnan(found.loss).all()
    assert found.path.shape == (0, 3)
    assert found.slices.shape == (2, LINE_STEPS)
    assert np.isnan(found.slices).all()
    assert np.isnan(found.interpolation).all()
    assert np.isnan([found.cosine, found.explained, found.centre_loss]).all()
    assert np.isnan([found.top_eigenvalue, found.top_error, found.trace, found.trace_error]).all()
    assert found.computed == 0


def test_rows_are_enough_for_the_measures() -> None:
    assert seen(0, 1, 2, 3, 4).measures == measures(SURFACE)


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_what_is_not_finite_is_nan_and_a_hole(value: float) -> None:
    values = list(VALUES)
    values[0] = (*FRAME[:-1], (0.1, 0.2, value))
    values[1] = ((value, *VALUES[1][0][1:]),)
    values[9] = ((*VALUES[9][0][:-1], value),)
    found = seen(values=values)
    assert found.complete
    assert math.isnan(found.loss[4, 4])
    assert found.measures.holes == 1
    assert found.measures.loss_range == SURFACE[0, 0] - 1
    assert math.isnan(found.slices[0, 0])
    assert np.isfinite(found.slices[0, 1:]).all()
    assert math.isnan(found.path[-1, 2])
