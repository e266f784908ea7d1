"""Networks in channels-last, with the convolutions that become others there, compute what they compute as written."""

from __future__ import annotations

import copy
from itertools import pairwise

import pytest
import torch
from torch import nn

from eproxy_engine.spaces.layout import to_channels_last
from tests.precision import near, rounding

pytestmark = pytest.mark.every_machine
CLOSE = rounding(layers=2, terms=4 * 33 * 33)
"""Single precision, in which oneDNN convolves; the gradient of a weight adds up all pixels of four images."""


def compare(plain: nn.Sequential, side: int) -> None:
    """Values, and the gradients of all parameters and of the images."""
    quick = copy.deepcopy(plain)
    to_channels_last(quick)
    images = torch.randn(4, 3, side, side, requires_grad=True)
    seen = images.detach().to(memory_format=torch.channels_last).requires_grad_()
    expected, found = plain(images), quick(seen)
    near(found, expected, CLOSE)
    expected.square().sum().backward()
    found.square().sum().backward()
    for one, other in zip((*plain.parameters(), images), (*quick.parameters(), seen), strict=True):
        near(other.grad, one.grad, CLOSE)


@pytest.mark.parametrize("side", [32, 33, 8])
@pytest.mark.parametrize("channels", [4, 5, 8, 40])
@pytest.mark.parametrize(("stride", "padding"), [(2, 0), ((1, 2), 0), (2, "valid"), (1, 0), (2, 1)])
def test_pointwise_convolutions_give_the_same_values_and_gradients(
    channels: int, stride: int | tuple[int, int], padding: int | str, side: int
) -> None:
    """Few channels and a stride end the process when oneDNN is left to pick the pixels (its issue 6035)."""
    torch.manual_seed(0)
    pointwise = nn.Conv2d(channels, 40, 1, stride, padding, bias=False)
    compare(nn.Sequential(nn.Conv2d(3, channels, 3, 1, 1), pointwise), side)


@pytest.mark.parametrize("groups", [2, 8])
def test_pointwise_convolutions_in_groups_as_well(groups: int) -> None:
    torch.manual_seed(0)
    compare(nn.Sequential(nn.Conv2d(3, 8, 3, 1, 1), nn.Conv2d(8, 16, 1, 2, groups=groups)), 16)


@pytest.mark.parametrize("side", [32, 31, 10, 4])
@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("stride", [1, 2])
def test_dilated_depthwise_convolutions_give_the_same_values_and_gradients(stride: int, kernel: int, side: int) -> None:
    torch.manual_seed(0)
    dilated = nn.Conv2d(8, 8, kernel, stride, padding=kernel - 1, dilation=2, groups=8, bias=False)
    compare(nn.Sequential(nn.Conv2d(3, 8, 1), dilated), side)


@pytest.mark.parametrize(
    "wide",
    [
        nn.Conv2d(8, 8, 3, padding=2, dilation=2),  # not depthwise
        nn.Conv2d(8, 8, 3, padding=1, dilation=2, groups=8),  # shrinks the grid
        nn.Conv2d(8, 8, 3, padding=3, dilation=3, groups=8),
        nn.Conv2d(8, 8, (3, 1), padding=(2, 0), dilation=2, groups=8),
        nn.Conv2d(8, 8, 3, 3, padding=2, dilation=2, groups=8),
    ],
    ids=str,
)
def test_other_dilated_convolutions_stay_what_they_are(wide: nn.Conv2d) -> None:
    compare(nn.Sequential(nn.Conv2d(3, 8, 1), wide), 12)
    network = nn.Sequential(wide)
    to_channels_last(network)
    assert type(network[0]) is nn.Conv2d


def test_weights_are_channels_last() -> None:
    network = nn.Sequential(*(nn.Conv2d(c_in, c_out, 3) for c_in, c_out in pairwise((3, 8, 8))))
    to_channels_last(network)
    assert all(
        weight.is_contiguous(memory_format=torch.channels_last) for weight in network.parameters() if weight.dim() == 4
    )
