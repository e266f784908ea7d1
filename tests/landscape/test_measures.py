"""Measures of surfaces whose values are counted by hand."""

import math
import warnings
from collections.abc import Iterator
from dataclasses import asdict, fields

import numpy as np
import pytest
from numpy.typing import NDArray

from eproxy_engine.landscape import MEASURES, Measures, measures

Floats = NDArray[np.float64]
SIDE = np.arange(-2.0, 3.0)
X, Y = np.meshgrid(SIDE, SIDE)
BOWL = X**2 + Y**2


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def with_holes(surface: Floats, *places: tuple[int, int], value: float = math.nan) -> Floats:
    changed = surface.copy()
    for place in places:
        changed[place] = value
    return changed


def test_every_measure_has_a_title() -> None:
    assert list(MEASURES) == [field.name for field in fields(Measures)]


def test_a_plane_is_smooth() -> None:
    found = measures(10 + X + 2 * Y)
    assert found.ruggedness == 0
    assert found.agreement == pytest.approx(1)
    assert found.local_minima == 0
    assert found.non_convex == 0
    assert found.loss_range == 16 - 4
    assert found.log_range == pytest.approx(math.log10(4))
    assert found.flatness == (5 + 5 + 4 + 2 + 0) / 25  # x + 2y ≤ 1, row by row
    assert found.holes == 0


@pytest.mark.parametrize("h", [1.0, 0.5])
def test_a_bowl_has_second_differences_of_twice_the_squared_step(h: float) -> None:
    found = measures((h * X) ** 2 + (h * Y) ** 2)
    assert found.ruggedness == 2 * h**2
    assert found.non_convex == 0
    assert found.local_minima == 1
    assert found.loss_range == 8 * h**2
    assert found.flatness == 1 / 25  # nothing is within 10% of 0


def test_flatness_counts_what_is_low_and_connected_with_the_middle() -> None:
    assert measures(10 + BOWL).flatness == 5 / 25  # up to 11: the middle and its four neighbours
    assert measures(20 + BOWL).flatness == 9 / 25  # up to 22: the diagonal ones too
    ridge = 10 + 10.0 * (np.abs(X) == 1)
    assert measures(ridge).flatness == 5 / 25  # the middle column, but not what is as low behind the ridges


@pytest.mark.parametrize(("surface", "ruggedness"), [(X**2 - Y**2, 2.0), (X * Y, 0.0)])
def test_a_saddle_is_nowhere_convex(surface: Floats, ruggedness: float) -> None:
    found = measures(surface)
    assert found.non_convex == 1
    assert found.local_minima == 0
    assert found.ruggedness == ruggedness


def test_non_convex_is_the_share_of_points_with_a_negative_eigenvalue() -> None:
    surface = 1 + np.random.default_rng(3).random((9, 8))
    negative = []
    for row in range(1, 8):
        for column in range(1, 7):
            z = surface[row - 1 : row + 2, column - 1 : column + 2]
            xx, yy = z[1, 0] - 2 * z[1, 1] + z[1, 2], z[0, 1] - 2 * z[1, 1] + z[2, 1]
            xy = (z[2, 2] - z[2, 0] - z[0, 2] + z[0, 0]) / 4
            negative.append(np.linalg.eigvalsh([[xx, xy], [xy, yy]])[0] < 0)
    assert 0 < np.mean(negative) < 1
    assert measures(surface).non_convex == pytest.approx(np.mean(negative))


def test_rounding_is_no_curvature() -> None:
    plane = (1000 + X + 2 * Y).astype(np.float32)
    noise = np.random.default_rng(1).choice([-1, 0, 1], plane.shape) * np.spacing(plane)
    assert measures((plane + noise).astype(float)).non_convex == 0


def test_an_egg_box_has_its_minima_counted() -> None:
    wave = np.cos(np.pi * np.arange(9) / 2)  # 1, 0, -1, 0, 1, 0, -1, 0, 1
    assert measures(3 + wave[:, None] + wave[None, :]).local_minima == 4
    assert measures(3 - wave[:, None] - wave[None, :]).local_minima == 1  # the others are on the edge


def test_a_plateau_has_no_minimum_and_no_gradient() -> None:
    found = measures(np.full((5, 5), 3.0))
    assert (found.ruggedness, found.local_minima, found.non_convex, found.flatness, found.log_range) == (0, 0, 0, 1, 0)
    assert math.isnan(found.agreement)


def test_agreement_is_the_mean_cosine_of_neighbouring_gradients() -> None:
    three = slice(1, 4), slice(1, 4)
    assert measures(BOWL[three]).agreement == pytest.approx(0)  # down its four cells in four directions
    assert measures(np.abs(X)[three]).agreement == pytest.approx(0)  # two of four pairs oppose, two agree
    assert measures(np.abs(X)).agreement == pytest.approx((8 * 1 - 4 * 1 + 12 * 1) / 24)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_holes_are_left_out_and_counted(value: float) -> None:
    found = measures(with_holes(BOWL, (0, 0), (4, 1), value=value))
    assert found.holes == 2
    assert found.ruggedness == 2
    assert found.local_minima == 1
    assert found.non_convex == 0
    assert found.loss_range == 8
    assert found.flatness == 1 / 25


def test_flatness_does_not_cross_holes() -> None:
    surface = with_holes(np.full((5, 5), 1.0), *((row, 1) for row in range(5)))
    assert measures(surface).flatness == 15 / 25
    assert math.isnan(measures(with_holes(BOWL, (2, 2))).flatness)


@pytest.mark.parametrize("place", [(1, 1), (1, 2), (3, 3)])
def test_a_point_beside_a_hole_is_no_minimum(place: tuple[int, int]) -> None:
    assert measures(with_holes(BOWL, place)).local_minima == 0


@pytest.mark.parametrize("factor", [1e-3, 7.0, 1e5])
def test_the_unit_of_the_loss_changes_only_ruggedness_and_range(factor: float) -> None:
    surface = 1 + np.random.default_rng(2).random((7, 7))
    one, other = asdict(measures(surface)), asdict(measures(factor * surface))
    for name in ("ruggedness", "loss_range"):
        assert other.pop(name) == pytest.approx(factor * one.pop(name))
    assert other == pytest.approx(one)


def test_ruggedness_of_the_logarithm_by_hand() -> None:
    surface = 10 ** (X**2 / 4)  # its logarithm has second differences of ½ along x and 0 along y
    assert measures(surface).log_ruggedness == pytest.approx(0.25)
    assert measures(surface).log_range == pytest.approx(1)


def test_a_loss_of_zero_has_no_logarithm() -> None:
    assert measures(BOWL).log_range == pytest.approx(math.log10(8))  # 1 to 8
    assert measures(BOWL).holes == 0


def test_nothing_computed_gives_nan() -> None:
    found = measures(np.full((5, 5), math.nan))
    counts = {"local_minima": 0, "holes": 25}
    assert {name: value for name, value in asdict(found).items() if value == value} == counts
    assert {name: value for name, value in found.as_dict().items() if value is not None} == counts


def test_rounding_makes_no_minima_and_no_gradients() -> None:
    """A network that is cut off from its input has the same loss everywhere, up to the last digit of a float32."""
    noise = np.random.default_rng(1).uniform(-1e-7, 1e-7, (9, 9))
    found = measures(0.5 + noise)
    assert (found.local_minima, found.non_convex) == (0, 0)
    assert math.isnan(found.agreement)
