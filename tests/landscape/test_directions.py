"""Random directions by their norms, angles and streams."""

from functools import lru_cache

import pytest
import torch
from torch import Tensor

from eproxy_engine.landscape import View
from eproxy_engine.landscape.directions import Weights, cosine, dot, random_directions
from eproxy_engine.landscape.surface import weights
from tests.landscape.tiny import ARCHITECTURES, training_in
from tests.precision import DOUBLE, near, rounding

every_space = pytest.mark.parametrize("space", ARCHITECTURES)
CLOSE = rounding(epsilon=DOUBLE)


@lru_cache
def centre_of(space: str = "nasbench201", barrier: bool = True) -> Weights:
    return weights(training_in(space, barrier=barrier).network)


def norms(weight: Tensor) -> Tensor:
    """Of every filter."""
    return torch.linalg.vector_norm(weight.flatten(1), dim=1)


@every_space
def test_every_filter_has_the_norm_of_its_filter(space: str) -> None:
    centre = centre_of(space)
    for direction in random_directions(centre, View(), seed=1):
        assert direction.keys() == centre.keys()
        for name, weight in centre.items():
            assert direction[name].shape == weight.shape
            if weight.ndim > 1:
                near(norms(direction[name]), norms(weight), CLOSE)
            else:
                assert not direction[name].any()


def test_under_layer_normalisation_only_the_layer_has_its_norm() -> None:
    centre = centre_of()
    direction, _ = random_directions(centre, View(normalisation="layer"), seed=1)
    name = "backbone.stem.0.weight"
    near(direction[name].norm(), centre[name].norm(), CLOSE)
    assert not torch.allclose(norms(direction[name]), norms(centre[name]), rtol=1e-3)
    whole = [name for name, weight in centre.items() if weight.ndim > 1]
    assert dot({n: direction[n] for n in whole}, {n: direction[n] for n in whole}) == pytest.approx(
        sum(dot({n: centre[n]}, {n: centre[n]}) for n in whole), rel=CLOSE
    )


def test_without_normalisation_a_direction_is_gaussian() -> None:
    direction, _ = random_directions(centre_of(), View(normalisation="none"), seed=1)
    drawn = torch.cat([each.flatten() for each in direction.values() if each.ndim > 1])
    assert abs(drawn.mean()) < 5 / len(drawn) ** 0.5
    assert drawn.std() == pytest.approx(1, abs=0.02)
    assert (drawn < 0).float().mean() == pytest.approx(0.5, abs=0.02)  # not uniform on [0, 1]


@pytest.mark.parametrize("normalisation", ["filter", "layer"])
def test_biases_and_batch_normalisation_move_if_asked_to(normalisation: str) -> None:
    centre = centre_of()
    flat = [name for name, weight in centre.items() if weight.ndim <= 1]
    assert any(centre[name].any() for name in flat)
    assert any(not centre[name].any() for name in flat)  # biases of zero, among them
    direction, _ = random_directions(centre, View(normalisation=normalisation, biases=True), seed=1)
    for name in flat:
        assert direction[name].isfinite().all()
        near(direction[name].norm(), centre[name].norm(), CLOSE)


def test_the_same_layers_move_alike_with_and_without_a_barrier() -> None:
    with_barrier, without = centre_of(barrier=True), centre_of(barrier=False)
    assert with_barrier.keys() == without.keys()  # the barrier itself is not trained
    pairs = zip(random_directions(with_barrier, View(), 1), random_directions(without, View(), 1), strict=True)
    for one, other in pairs:
        assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_layer_more_changes_no_other() -> None:
    centre = centre_of()
    more = {"before.weight": torch.ones(3, 3), **centre}
    one, other = random_directions(centre, View(), 1)[0], random_directions(more, View(), 1)[0]
    assert all(torch.equal(one[name], other[name]) for name in one)


@every_space
def test_directions_are_almost_orthogonal(space: str) -> None:
    centre = centre_of(space)
    first, second = random_directions(centre, View(), seed=1)
    again, _ = random_directions(centre, View(draw=2), seed=1)
    seeded, _ = random_directions(centre, View(), seed=2)
    for other in (second, again, seeded, centre):
        assert 0 < abs(cosine(first, other)) < 0.1


def test_directions_depend_on_seed_and_draw_alone() -> None:
    centre = centre_of()
    torch.manual_seed(5)
    one = random_directions(centre, View(), seed=1)
    state = torch.get_rng_state()
    other = random_directions(centre, View(radius=2, steps=3, centre=0), seed=1)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(6)
    third = random_directions(centre, View(), seed=1)
    for place in (0, 1):
        for name in centre:
            assert torch.equal(one[place][name], other[place][name])
            assert torch.equal(one[place][name], third[place][name])


def test_a_filter_of_zeros_stays_where_it_is() -> None:
    direction, _ = random_directions({"weight": torch.tensor([[0.0, 0.0], [3.0, 4.0]])}, View(), seed=1)
    assert direction["weight"][0].tolist() == [0, 0]
    assert direction["weight"][1].norm() == pytest.approx(5)
