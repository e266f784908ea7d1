"""The plane of an optimisation path against NumPy."""

import math

import numpy as np
import pytest
import torch

from eproxy_engine.landscape.directions import Weights, cosine, explained, path_directions, projected
from tests.precision import DOUBLE, rounding

SHAPES = {"a": (2, 3), "b": (4,)}
CLOSE = rounding(layers=10, terms=100, epsilon=DOUBLE)


def drawn(seed: int) -> Weights:
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(shape, generator=generator, dtype=torch.float64) for name, shape in SHAPES.items()}


def moved(centre: Weights, *by: tuple[float, Weights]) -> Weights:
    return {name: weight + sum(share * way[name] for share, way in by) for name, weight in centre.items()}


def flat(point: Weights) -> np.ndarray:
    return torch.cat([each.flatten() for each in point.values()]).double().numpy()


CENTRE = drawn(0)


def test_a_path_in_a_plane_is_reproduced_by_its_projections() -> None:
    coordinates = [(0.0, 0.0), (1.0, 0.5), (3.0, -1.0), (-2.0, 2.0), (0.5, 4.0)]
    path = [moved(CENTRE, (a, drawn(1)), (b, drawn(2))) for a, b in coordinates]
    directions = path_directions(CENTRE, path)
    feet = [projected(point, CENTRE, directions) for point in path]
    for point, (x, y) in zip(path, feet, strict=True):
        again = moved(CENTRE, (x, directions[0]), (y, directions[1]))
        assert flat(again) == pytest.approx(flat(point), abs=CLOSE)
    assert explained(path, CENTRE, directions) == pytest.approx(1)
    for along in np.array(feet).T:
        assert max(along) == pytest.approx(1)
        assert min(along) >= -1
    assert cosine(*directions) == pytest.approx(0, abs=CLOSE)


def test_the_directions_are_the_principal_components() -> None:
    path = [drawn(seed) for seed in range(1, 7)]
    directions = path_directions(CENTRE, path)
    steps = np.array([flat(point) - flat(CENTRE) for point in path])
    _, sizes, components = np.linalg.svd(steps, full_matrices=False)
    for direction, component in zip(directions, components[:2], strict=True):
        reach = (steps @ component)[np.abs(steps @ component).argmax()]
        assert flat(direction) == pytest.approx(reach * component, abs=CLOSE)
    assert explained(path, CENTRE, directions) == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum())
    feet = np.array([projected(point, CENTRE, directions) for point in path])
    assert np.abs(feet).max(axis=0) == pytest.approx([1, 1])


def test_a_straight_path_has_one_direction() -> None:
    path = [moved(CENTRE, (share, drawn(1))) for share in (0.0, -1.0, -2.0)]
    directions = path_directions(CENTRE, path)
    assert flat(directions[0]) == pytest.approx(-2 * flat(drawn(1)), abs=CLOSE)
    assert not flat(directions[1]).any()
    assert [projected(point, CENTRE, directions) for point in path] == [pytest.approx((x, 0)) for x in (0, 0.5, 1)]
    assert explained(path, CENTRE, directions) == pytest.approx(1)
    assert math.isnan(cosine(*directions))


@pytest.mark.parametrize("path", [[CENTRE], [CENTRE, CENTRE]])
def test_a_path_that_stays_has_none(path: list[Weights]) -> None:
    directions = path_directions(CENTRE, path)
    assert not flat(directions[0]).any()
    assert not flat(directions[1]).any()
    assert math.isnan(explained(path, CENTRE, directions))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_path_that_diverged_spans_no_plane(value: float) -> None:
    lost = {**CENTRE, "b": torch.full((4,), value, dtype=torch.float64)}
    for centre, path in ((CENTRE, [CENTRE, drawn(1), lost]), (lost, [drawn(1), lost])):
        directions = path_directions(centre, path)
        assert all(np.isnan(flat(direction)).all() for direction in directions)
        assert np.isnan([*projected(drawn(1), centre, directions), explained(path, centre, directions)]).all()
        assert math.isnan(cosine(*directions))
    assert np.isnan(projected(lost, CENTRE, (drawn(1), drawn(2)))).all()


def test_projections_are_right_where_directions_are_not_orthogonal() -> None:
    first, second = drawn(1), moved(drawn(1), (0.5, drawn(2)))
    aside = flat(drawn(3))
    plane = np.stack([flat(first), flat(second)], axis=1)
    aside -= plane @ np.linalg.lstsq(plane, aside, rcond=None)[0]
    rest = {"a": torch.tensor(aside[:6]).reshape(2, 3), "b": torch.tensor(aside[6:])}
    point = moved(CENTRE, (2.0, first), (-3.0, second), (1.0, rest))
    assert projected(point, CENTRE, (first, second)) == pytest.approx((2, -3), abs=CLOSE)
