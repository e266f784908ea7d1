"""Losses on a plane against weights set by hand, and nothing is changed by looking."""

from __future__ import annotations

import copy
from functools import lru_cache

import pytest
import torch
from loss_landscapes import point
from torch import Tensor, nn

from eproxy_engine.landscape import View
from eproxy_engine.landscape.directions import Weights, random_directions
from eproxy_engine.landscape.metric import RegressionLoss
from eproxy_engine.landscape.surface import losses_along, weights
from eproxy_engine.proxy import Branch
from eproxy_engine.proxy.training import Training
from tests.landscape.tiny import ARCHITECTURES, training_in
from tests.precision import DOUBLE, rounding

POINTS = torch.tensor([[0.0, 0.0], [0.5, -0.25], [-1.0, 1.0]])
CLOSE = rounding(epsilon=DOUBLE)
every_space = pytest.mark.parametrize("space", ARCHITECTURES)


@lru_cache
def kept(space: str = "nasbench201") -> tuple[Training, Weights, tuple[Weights, Weights]]:
    """What looking does not change, with its centre and directions that move everything."""
    training = training_in(space)
    centre = weights(training.network)
    return training, centre, random_directions(centre, View(biases=True), seed=1)


def along(points: Tensor, at_once: int, space: str = "nasbench201") -> list[float]:
    training, centre, directions = kept(space)
    return losses_along(training.network, training.x, training.labels, centre, directions, points, at_once)


@every_space
def test_losses_are_those_of_a_network_whose_weights_are_set_by_hand(space: str) -> None:
    training, centre, (first, second) = kept(space)
    by_hand = []
    for p, q in POINTS.tolist():
        network = copy.deepcopy(training.network)
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                if name in centre:
                    parameter.copy_(centre[name] + p * first[name] + q * second[name])
        by_hand.append(point(network, RegressionLoss(training.x, training.labels)))
    assert len(set(by_hand)) == len(POINTS)
    assert along(POINTS, 1, space) == pytest.approx(by_hand, rel=CLOSE)
    assert along(POINTS, 3, space) == pytest.approx(by_hand, rel=CLOSE)


@pytest.mark.parametrize("at_once", [2, 16])
def test_how_many_are_computed_at_once_does_not_matter(at_once: int) -> None:
    points = torch.stack([torch.linspace(-1, 1, 5), torch.linspace(0.5, -0.5, 5)], dim=1)
    alone = along(points, 1, "transnas101-micro")
    assert along(points, at_once, "transnas101-micro") == pytest.approx(alone, rel=CLOSE)


def test_branches_are_summed() -> None:
    branches = tuple(Branch(stage, c_mid=16, c_out=16) for stage in ("deepest", "before_first"))
    training = training_in("transnas101-micro", branches=branches)
    centre = weights(training.network)
    found = losses_along(training.network, training.x, training.labels, centre, (centre, centre), POINTS[:1], 1)
    assert found == pytest.approx([sum(loss.item() for loss in training.losses())], rel=CLOSE)
    assert found[0] > max(loss.item() for loss in training.losses())


@pytest.mark.parametrize("at_once", [1, 3])
def test_everything_is_afterwards_as_before(at_once: int) -> None:
    training, centre, directions = kept()
    network = training.network
    network.heads[0].eval()  # a mode of its own, to be left alone
    try:
        state = {name: value.clone() for name, value in network.state_dict().items()}
        modes = [module.training for module in network.modules()]
        trained = [parameter.requires_grad for parameter in network.parameters()]
        given = [each.clone() for way in (centre, *directions) for each in way.values()]
        drawn, threads = torch.get_rng_state(), torch.get_num_threads()
        along(POINTS, at_once)
        assert [module.training for module in network.modules()] == modes
    finally:
        network.train()
    assert any("num_batches_tracked" in name for name in state)
    assert all(torch.equal(value, state[name]) for name, value in network.state_dict().items())
    assert [parameter.requires_grad for parameter in network.parameters()] == trained
    assert all(parameter.grad is None for parameter in network.parameters())
    now = [each for way in (centre, *directions) for each in way.values()]
    assert all(torch.equal(one, other) for one, other in zip(now, given, strict=True))
    assert torch.equal(torch.get_rng_state(), drawn)
    assert torch.get_num_threads() == threads
    assert torch.is_grad_enabled()


class Line(nn.Module):
    """w·x. Under vmap it fails as soon as somebody wants to see a number, or if told to, always."""

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(1))
        self.broken, self.calls = broken, 0

    def forward(self, x: Tensor) -> list[Tensor]:
        self.calls += 1
        predicted = self.w * x
        if self.broken or predicted.sum().item() != predicted.sum():
            raise RuntimeError("out of order")
        return [predicted]


ONE, ZERO = {"w": torch.ones(1)}, {"w": torch.zeros(1)}


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_a_network_that_cannot_be_batched_is_computed_point_by_point(at_once: int) -> None:
    points = torch.tensor([[0.0, 9.0], [1.0, 9.0], [2.0, 9.0], [-1.0, 9.0], [-3.0, 9.0]])
    network, x, label = Line(), torch.tensor([1.0, 2.0]), torch.zeros(2)
    found = losses_along(network, x, [label], ONE, (ONE, ZERO), points, at_once)  # type: ignore[arg-type]
    assert found == [2.5 * (1 + p) ** 2 for p in (0, 1, 2, -1, -3)]
    assert network.calls == 5 + {1: 0, 2: 1, 5: 3}[at_once]  # 5, 3 and 2 together fail; not tried again for later ones


def test_an_error_that_is_not_about_batching_is_raised() -> None:
    with pytest.raises(RuntimeError, match="out of order"):
        losses_along(Line(broken=True), torch.ones(1), [torch.ones(1)], ONE, (ONE, ZERO), POINTS, 4)  # type: ignore[arg-type]


def test_what_is_not_finite_is_a_hole_and_nothing_else() -> None:
    points = torch.tensor([[0.0, 0.0], [float("inf"), 0.0], [1.0, 0.0]])
    alone = along(points[[0, 2]], 1, "transnas101-micro")
    for at_once in (1, 3):
        found = along(points, at_once, "transnas101-micro")
        assert not torch.tensor(found[1]).isfinite()
        assert [found[0], found[2]] == pytest.approx(alone, rel=CLOSE)
