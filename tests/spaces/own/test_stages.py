"""The stages of any network: found where the built-in networks give them themselves, and in what people write."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.own.space import OwnNetworks
from tests.registry import ONE_OF_EACH_CODE

THE_LAST_THREE = [name for name in ONE_OF_EACH_CODE if not name.startswith(("transnas101", "nasbench-mr"))]
"""Spaces whose stages are those of the last three sizes: not so where there may be more or fewer downsamplings, or
several sizes at once."""
HEAD_COMPUTES_MORE = "nasbench201"
"""Its head normalises the deepest grid once more, which therefore is a later one."""


class Whole(nn.Module):
    """A backbone with its head, as somebody else would write it."""

    def __init__(self, backbone: Backbone, classes: int = 10) -> None:
        super().__init__()
        self.features = backbone
        self.head = backbone.classifier(classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x)[0])


class LeNet(nn.Module):
    """Functions instead of modules, and a view."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 5)
        self.head = nn.Linear(400, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.max_pool2d(self.first(x).relu(), 2)
        return self.head(nn.functional.max_pool2d(self.second(x).relu(), 2).view(len(x), -1))


class Squeezing(nn.Module):
    """A block whose side path goes over a grid of one pixel."""

    def __init__(self, c_in: int, c_out: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 3, stride, padding=1)
        self.weights = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c_out, c_out, 1), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        return x * self.weights(x)


class Several(nn.Module):
    """A network that returns something around its logits."""

    def __init__(self, around: object) -> None:
        super().__init__()
        self.network, self.around = LeNet(), around

    def forward(self, x: Tensor) -> object:
        logits = self.network(x)
        return {"logits": logits} if self.around is dict else (logits, x)


def chain(*blocks: nn.Module, channels: int = 16) -> nn.Module:
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


def stages(network: nn.Module, size: int | None = None) -> list[tuple[int, int]]:
    """Channels and side of the stage outputs, deepest first."""
    known = OwnNetworks({"it": network}, size).networks["it"]
    return [(stage.channels, stage.side) for stage in known.stages]


@pytest.mark.parametrize("name", THE_LAST_THREE)
def test_they_are_those_of_the_built_in_networks(name: str) -> None:
    space = spaces.get(name)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        backbone = space.build(space.sample(np.random.default_rng(1)), 8)
        found = OwnNetworks({"it": Whole(backbone)}, 32).build("it", 16)
        x = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        for one, other in list(zip(found(x), backbone(x), strict=True))[name == HEAD_COMPUTES_MORE :]:
            torch.testing.assert_close(one, other)
    assert found.stage_channels == backbone.stage_channels


def test_functions_between_modules_count() -> None:
    assert stages(LeNet(), 32) == [(16, 10), (16, 10), (6, 28)]


def test_the_last_of_a_size_counts_and_side_paths_do_not() -> None:
    network = chain(Squeezing(3, 4, 1), Squeezing(4, 8, 1), Squeezing(8, 12, 2), Squeezing(12, 16, 2))
    assert stages(network, 32) == [(16, 8), (12, 16), (8, 32)]


def test_pixels_that_a_convolution_without_padding_takes_do_not() -> None:
    assert stages(chain(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 9, 3), nn.MaxPool2d(2), nn.Conv2d(9, 16, 3)), 32) == [
        *2 * [(16, 12)],
        (9, 28),
    ]


def test_a_resized_grid_for_the_head_is_none() -> None:
    head = (nn.AdaptiveAvgPool2d(7), nn.Flatten(), nn.Linear(8 * 49, 10))
    assert stages(nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), *head), 32) == 3 * [(8, 16)]


def test_of_many_downsamplings_the_last_count() -> None:
    blocks = [nn.Conv2d(3 if place == 0 else 16, 16, 3, 2, 1) for place in range(4)]
    assert stages(chain(*blocks), 64) == [(16, 4), (16, 8), (16, 16)]


def test_images_are_as_large_as_the_network_needs() -> None:
    blocks = [nn.Conv2d(3 if place == 0 else 16, 16, 3, 2, 1) for place in range(4)]
    assert OwnNetworks({"it": chain(*blocks)}).networks["it"].size == 64
    assert OwnNetworks({"it": LeNet()}).networks["it"].size == 32


@pytest.mark.parametrize("around", [dict, tuple])
def test_logits_are_found_in_what_a_network_returns(around: object) -> None:
    known = OwnNetworks({"it": Several(around)}).networks["it"]
    assert (known.classes, len(known.stages)) == (10, 3)


def test_a_network_without_a_grid_has_none() -> None:
    tokens = nn.Sequential(nn.Conv2d(3, 4, 8, 8), nn.Flatten(2), nn.Linear(16, 16), nn.Linear(16, 16), nn.Flatten())
    network = nn.Sequential(tokens, nn.Linear(64, 10))
    assert stages(network, 32) == []
    with pytest.raises(UserError, match="do not work on a grid"):
        OwnNetworks({"it": network}, 32).build("it", 16)(torch.zeros(2, 3, 32, 32))


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (nn.Conv2d(3, 4, 3), r"it returns a tensor of shape \[2, 4, \d+, \d+\]; accepted: logits \[b, classes\]"),
        (nn.Conv2d(1, 4, 3), "RuntimeError: Given groups=1.* to have 1 channels, but got 3"),
        (lambda: 3, "cannot be made: what makes it returns int"),
        (lambda: 1 / 0, "cannot be made: ZeroDivisionError: division by zero"),
        ("text", "is of type str; accepted: a torch.nn.Module"),
    ],
)
def test_a_module_that_cannot_be_used_says_why(network: nn.Module, why: str) -> None:
    with pytest.raises(UserError, match=f"^the network 'it' .*{why}"):
        OwnNetworks({"it": network})


def test_the_given_network_stays_as_it_was() -> None:
    network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(True), nn.Flatten(), nn.Linear(7200, 10))
    before = {name: value.clone() for name, value in network.eval().state_dict().items()}
    OwnNetworks({"it": network}, 32).build("it", 16)(torch.randn(2, 3, 32, 32))
    assert not network.training
    assert network[2].inplace
    assert not any(module._forward_hooks for module in network.modules())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
