"""Networks in channels-last compute what they compute in any layout."""

from __future__ import annotations

import copy
from itertools import pairwise

import pytest
import torch
from torch import nn

from eproxy_engine.spaces.layout import to_channels_last


@pytest.mark.parametrize("channels", [4, 5, 8, 40])
@pytest.mark.parametrize(("stride", "padding"), [(2, 0), ((1, 2), 0), (2, "valid"), (1, 0), (2, 1)])
def test_pointwise_convolutions_give_the_same_values_and_gradients(
    channels: int, stride: int | tuple[int, int], padding: int | str
) -> None:
    """Few channels and a stride end the process when oneDNN is left to pick the pixels (its issue 6035)."""
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Conv2d(3, channels, 3, 1, 1), nn.Conv2d(channels, 40, 1, stride, padding, bias=False))
    quick = copy.deepcopy(plain)
    to_channels_last(quick)
    images = torch.randn(4, 3, 32, 32)
    expected, found = plain(images), quick(images.to(memory_format=torch.channels_last))
    torch.testing.assert_close(found, expected)
    expected.square().sum().backward()
    found.square().sum().backward()
    for one, other in zip(plain.parameters(), quick.parameters(), strict=True):
        torch.testing.assert_close(other.grad, one.grad, rtol=1e-4, atol=1e-3)


def test_weights_are_channels_last() -> None:
    network = nn.Sequential(*(nn.Conv2d(c_in, c_out, 3) for c_in, c_out in pairwise((3, 8, 8))))
    to_channels_last(network)
    assert all(
        weight.is_contiguous(memory_format=torch.channels_last) for weight in network.parameters() if weight.dim() == 4
    )
