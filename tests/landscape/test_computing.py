"""Pieces of a landscape as the engine computes them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from eproxy_engine.errors import UserError
from eproxy_engine.landscape import Part, curvature
from eproxy_engine.landscape.curvature import hessian_product, top_eigenvalue, trace
from eproxy_engine.landscape.part import LINE_STEPS, PIECES
from eproxy_engine.landscape.scene import scene
from eproxy_engine.proxy import training
from eproxy_engine.proxy.initialisation import stream
from eproxy_engine.proxy.training import Training
from eproxy_engine.scoring.computing import evaluate
from tests.landscape.tiny import computed, configuration, evaluation_of, part
from tests.precision import DOUBLE, rounding, trained

PLANES = ("random", "path")
CLOSE = rounding(epsilon=DOUBLE)
"""Of what has the same weights; a path comes with the losses of a training of its own."""
every_plane = pytest.mark.parametrize("plane", PLANES)
ALL = [
    (piece, plane) for piece in PIECES for plane in PLANES if plane == "random" or piece in ("frame", "row", "slice")
]


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    scene.cache_clear()


@pytest.fixture
def few_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """A curvature takes next to no time."""
    monkeypatch.setattr(curvature, "MOST_ITERATIONS", 2)
    monkeypatch.setattr(curvature, "PROBES", 2)


@pytest.mark.parametrize(("piece", "plane"), ALL)
def test_values_have_the_shape_of_the_piece(piece: str, plane: str) -> None:
    wanted = part(piece, plane=plane)
    outcome = computed(wanted)
    assert (len(outcome.values), len(outcome.values[0])) == wanted.shape()
    assert wanted.flaw(outcome.values) is None
    assert np.isfinite(outcome.values).all()
    assert outcome.note is None
    assert not outcome.diverged
    assert outcome.seconds > 0


@every_plane
def test_row_slice_and_frame_meet_at_the_centre(plane: str) -> None:
    centre_loss = computed(part("frame", plane=plane)).values[0][2]
    row = computed(part("row", 1, plane=plane)).values[0]
    slices = [computed(part("slice", index, plane=plane)).values[0] for index in (0, 1)]
    assert row[1] == pytest.approx(centre_loss, rel=CLOSE)
    for losses in slices:
        assert losses[LINE_STEPS // 2] == pytest.approx(centre_loss, rel=CLOSE)
    assert (slices[0][0], slices[0][-1]) == pytest.approx((row[0], row[2]), rel=CLOSE)
    assert len({round(loss, 5) for loss in row}) == 3


def test_the_second_direction_goes_from_row_to_row() -> None:
    rows = [computed(part("row", index)).values[0] for index in (0, 1, 2)]
    second = computed(part("slice", 1)).values[0]
    assert (second[0], second[-1]) == pytest.approx((rows[0][1], rows[2][1]), rel=CLOSE)


@every_plane
@pytest.mark.parametrize("barrier", [True, False])
def test_the_path_has_the_losses_of_the_training(plane: str, barrier: bool) -> None:
    changes = {"iterations": 3, "barrier": barrier}
    history = training.evaluate(evaluation_of(configuration(**changes, batch=2)), "cpu").values
    (_, _, centre_loss), *path = computed(part("frame", plane=plane, changes=changes)).values
    assert [loss for _, _, loss in path[:3]] == pytest.approx([sum(row) for row in history], rel=trained(updates=2))
    assert centre_loss == path[2][2]  # the centre of these landscapes is after two updates
    assert path[2][:2] == pytest.approx((0, 0), abs=CLOSE)


def test_the_plane_of_the_path_holds_most_of_it() -> None:
    (angle, share, _), *path = computed(part("frame", plane="path")).values
    assert abs(angle) < 1e-6  # from products of steps, in which short ones have half their digits
    assert 0.5 < share <= 1 + CLOSE
    assert np.abs(np.array(path)[:, :2]).max(axis=0) == pytest.approx([1, 1], rel=1e-6)
    assert computed(part("frame")).values[0][1] < 0.1  # a random one holds next to nothing


def test_an_interpolation_passes_both_ends_of_the_path() -> None:
    path = [loss for _, _, loss in computed(part("frame")).values[1:]]
    losses = computed(part("interpolation")).values[0]
    assert (losses[5], losses[-6]) == pytest.approx((path[0], path[-1]), rel=CLOSE)


@pytest.mark.usefixtures("few_products")
def test_a_row_depends_on_nothing_that_was_computed_before() -> None:
    wanted = evaluation_of(part("row", 0))
    scene.cache_clear()
    torch.manual_seed(3)
    first = evaluate(wanted, "cpu").values
    evaluate(evaluation_of(part("row", 0), seed=2), "cpu")
    evaluate(evaluation_of(part("curvature", centre=1)), "cpu")
    evaluate(evaluation_of(part("row", 2)), "cpu")
    torch.randn(10)
    assert evaluate(wanted, "cpu").values == first == computed(part("row", 0)).values
    assert evaluate(evaluation_of(part("row", 0), seed=2), "cpu").values != first


@pytest.mark.usefixtures("few_products")
def test_process_wide_settings_are_as_before() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    scene.cache_clear()
    evaluate(evaluation_of(part("row", 0)), "cpu")
    evaluate(evaluation_of(part("curvature")), "cpu")
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert torch.is_grad_enabled()


@pytest.mark.usefixtures("few_products")
def test_looking_leaves_the_network_at_its_initial_point() -> None:
    plain = Training.of(evaluation_of(configuration()), "cpu").network.state_dict()
    for piece in ("frame", "curvature", "row"):
        evaluate(evaluation_of(part(piece)), "cpu")
        wanted = evaluation_of(part(piece).training_part().configuration)
        kept = scene(wanted, 2, True, "cpu").network
        assert all(torch.equal(value, plain[name]) for name, value in kept.state_dict().items())
        assert {name for name, p in kept.named_parameters() if not p.requires_grad} == {
            "heads.0.barrier.weight",
            "heads.0.barrier.bias",
        }


@pytest.mark.usefixtures("few_products")
def test_a_curvature_is_that_of_the_trained_network() -> None:
    moved = Training.of(evaluation_of(configuration()), "cpu")
    for _ in range(2):
        moved.update(moved.losses())
    at = [p for p in moved.network.parameters() if p.requires_grad]
    product = hessian_product(torch.stack(moved.losses()).sum(), at)
    generator = torch.Generator().manual_seed(stream(1, "curvature"))
    expected = (*top_eigenvalue(product, at, generator), *trace(product, at, generator))
    found = evaluate(evaluation_of(part("curvature")), "cpu").values[0]
    assert found == pytest.approx(expected, rel=trained(updates=4))  # two, and two products with the Hessian


@pytest.fixture
def diverging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every second update throws all weights away."""
    real, count = Training.update, iter(range(10**6))

    def update(given: Training, losses: list[Tensor]) -> None:
        real(given, losses)
        if next(count) % 2:
            with torch.no_grad():
                for parameter in given.network.parameters():
                    parameter.mul_(math.inf if parameter.requires_grad else 1)

    scene.cache_clear()
    monkeypatch.setattr(Training, "update", update)
    yield
    scene.cache_clear()


@pytest.mark.usefixtures("diverging")
@pytest.mark.parametrize(("piece", "plane"), ALL)
def test_a_centre_that_diverged_gives_holes_and_says_so(piece: str, plane: str) -> None:
    wanted = part(piece, plane=plane)
    outcome = evaluate(evaluation_of(wanted), "cpu")
    assert wanted.flaw(outcome.values) is None
    assert outcome.note == "some points are not finite"
    assert not np.isfinite(outcome.values[0][-1])


@pytest.mark.usefixtures("diverging")
def test_a_path_that_diverged_still_has_its_beginning() -> None:
    outcome = evaluate(evaluation_of(part("frame", centre=0)), "cpu")
    head, *path = np.array(outcome.values)
    assert np.isfinite(head[[0, 2]]).all()
    assert math.isnan(head[1])
    assert [np.isfinite(point).all() for point in path] == [True, True, False, False]
    assert outcome.note == "some points are not finite"
    row = evaluate(evaluation_of(part("row", 1, centre=0)), "cpu")
    assert np.isfinite(row.values).all()
    assert row.note is None


@every_plane
def test_the_highest_learning_rate_raises_nothing(plane: str) -> None:
    wanted = part("frame", plane=plane, changes={"learning_rate": 10.0, "momentum": 0.999})
    assert wanted.flaw(computed(wanted).values) is None


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match="unknown device 'tpu'"):
        evaluate(evaluation_of(Part(configuration())), "tpu")
