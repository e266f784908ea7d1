"""The pieces of a landscape: what identifies them and what shape they have."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eproxy_engine.landscape import Part, View
from eproxy_engine.landscape.part import (
    LINE_STEPS,
    PIECES,
    interpolation_coordinates,
    path_iterations,
    slice_coordinates,
)
from tests.landscape.tiny import configuration, evaluation_of

VIEW = {"draw": 2, "normalisation": "layer", "biases": True, "radius": 0.5, "steps": 7, "centre": 3}
CONFIGURATION = {"iterations": 12, "barrier": False, "learning_rate": 0.5, "flops_weight": 0.1, "batch": 8}
ALWAYS = {"barrier", "learning_rate", "batch"}
RANDOM = {"draw", "normalisation", "biases", "centre"}
MATTERS = {
    ("random", "frame"): RANDOM | {"iterations"},
    ("random", "row"): RANDOM | {"radius", "steps", "index"},
    ("random", "slice"): RANDOM | {"radius", "index"},
    ("random", "interpolation"): {"iterations"},
    ("random", "curvature"): {"centre"},
    ("path", "frame"): {"centre", "iterations"},
    ("path", "row"): {"centre", "iterations", "radius", "steps", "index"},
    ("path", "slice"): {"centre", "iterations", "radius", "index"},
    ("path", "interpolation"): {"iterations"},
    ("path", "curvature"): {"centre"},
}


def made(piece: str, plane: str = "random", **view: Any) -> Part:
    return Part(configuration(), View(**{"plane": plane, "centre": 2, **view}), piece)


@pytest.mark.parametrize(("plane", "piece"), MATTERS)
def test_a_digest_tells_apart_what_matters_and_nothing_else(plane: str, piece: str) -> None:
    one = made(piece, plane)
    others = {name: replace(one, view=replace(one.view, **{name: value})) for name, value in VIEW.items()}
    for name, value in CONFIGURATION.items():
        others[name] = replace(one, configuration=replace(one.configuration, **{name: value}))
    if piece in ("row", "slice"):
        others["index"] = replace(one, index=1)
    assert {name for name, other in others.items() if other.digest() != one.digest()} == MATTERS[plane, piece] | ALWAYS
    for name, other in others.items():
        same = evaluation_of(other).key == evaluation_of(one).key
        assert same == (name not in MATTERS[plane, piece] | ALWAYS)


def test_pieces_are_told_apart() -> None:
    digests = {made(piece).digest() for piece in PIECES}
    assert len(digests) == len(PIECES)
    assert all(re.fullmatch("[0-9a-f]{16}", digest) for digest in digests)


@pytest.mark.parametrize("piece", ["frame", "row", "slice"])
def test_planes_are_told_apart(piece: str) -> None:
    assert made(piece).digest() != made(piece, "path").digest()


@pytest.mark.parametrize("piece", ["interpolation", "curvature"])
def test_a_line_and_a_curvature_are_the_same_in_every_plane(piece: str) -> None:
    assert made(piece).digest() == made(piece, "path").digest()


@pytest.mark.parametrize(("plane", "piece"), MATTERS)
def test_the_training_part_is_its_own(plane: str, piece: str) -> None:
    one = made(piece, plane, **{**VIEW, "centre": 0})
    assert one.training_part().training_part() == one.training_part()
    assert one.training_part().digest() == one.digest()
    assert one.training_part().shape() == one.shape()


def test_a_width_is_that_of_the_configuration() -> None:
    assert made("row").with_width(16) == replace(made("row"), configuration=configuration(width=16))
    assert (made("row").with_width(16).width, made("row").batch) == (16, 2)


@pytest.mark.parametrize(
    ("piece", "shape"),
    [
        ("frame", (5, 3)),
        ("row", (1, 7)),
        ("slice", (1, LINE_STEPS)),
        ("interpolation", (1, LINE_STEPS)),
        ("curvature", (1, 4)),
    ],
)
def test_values_of_another_shape_have_a_flaw(piece: str, shape: tuple[int, int]) -> None:
    part = made(piece, steps=7)
    right = tuple((1.0,) * shape[1] for _ in range(shape[0]))
    assert part.shape() == shape
    assert part.flaw(right) is None
    for wrong in ((), right[:-1], (*right, right[0]), (*right[:-1], right[-1][:-1]), (*right[:-1], (1.0, *right[-1]))):
        assert part.flaw(wrong) == "has values of another shape"


def test_all_points_of_a_short_path_are_kept_and_51_of_a_long_one() -> None:
    assert path_iterations(1) == [0, 1]
    assert path_iterations(50) == list(range(51))
    assert path_iterations(100) == list(range(0, 101, 2))
    assert path_iterations(1000) == list(range(0, 1001, 20))
    for iterations in (51, 77, 999):
        kept = path_iterations(iterations)
        assert (len(kept), kept[0], kept[-1]) == (51, 0, iterations)
        assert max(np.diff(kept)) - min(np.diff(kept)) <= 1


def test_lines_have_the_centre_and_both_ends_in_view() -> None:
    along = slice_coordinates(View(radius=0.3))
    assert (along[0], along[LINE_STEPS // 2], along[-1], len(along)) == (-0.3, 0, 0.3, LINE_STEPS)
    between = interpolation_coordinates()
    assert (between[0], between[-1], len(between)) == (-0.25, 1.25, LINE_STEPS)
    assert between[LINE_STEPS // 2] == pytest.approx(0.5)
