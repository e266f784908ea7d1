"""Layers that are made as copies: those that torch makes, with the same weights."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from eproxy_engine import spaces
from eproxy_engine.proxy.layers import quick_layers
from tests.registry import ONE_OF_EACH_CODE

LAYERS: dict[str, Callable[[], nn.Module]] = {
    "convolution": lambda: nn.Conv2d(3, 5, 3, stride=2, padding=1),
    "without bias": lambda: nn.Conv2d(4, 6, (1, 3), bias=False, dilation=2),
    "depthwise": lambda: nn.Conv2d(20, 20, 5, 1, 2, groups=20, bias=False),
    "same padding": lambda: nn.Conv2d(2, 2, 3, padding="same"),
    "double precision": lambda: nn.Conv2d(2, 2, 3, dtype=torch.float64),
    "settings that cannot be compared": lambda: nn.Conv2d(2, 2, [3, 3]),  # type: ignore[arg-type]
    "normalisation": lambda: nn.BatchNorm2d(7, eps=1e-3),
    "without statistics": lambda: nn.BatchNorm2d(7, affine=False, track_running_stats=False),
}


def made(make: Callable[[], nn.Module]) -> tuple[nn.Module, torch.Tensor]:
    """A layer or network, and a random number drawn after it."""
    torch.manual_seed(1)
    return make(), torch.rand(1)


def assert_equal(found: nn.Module, expected: nn.Module) -> None:
    """Modules with the same attributes, and the same bits."""
    assert attributes(found) == attributes(expected)
    for (name, mine), (other, theirs) in zip(
        (*found.named_parameters(), *found.named_buffers()),
        (*expected.named_parameters(), *expected.named_buffers()),
        strict=True,
    ):
        assert (name, mine.requires_grad, mine.dtype) == (other, theirs.requires_grad, theirs.dtype)
        assert torch.equal(mine, theirs)


def attributes(module: nn.Module) -> dict[str, Any]:
    """All but the tensors and the parts, whose names remain."""
    own = ("_parameters", "_buffers", "_modules")
    return {name: list(value) if name in own else value for name, value in vars(module).items()}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_copies_are_what_torch_makes(make: Callable[[], nn.Module]) -> None:
    expected, then = made(make)
    for _ in range(3):
        with quick_layers():
            found, after = made(make)
        assert_equal(found, expected)
        assert after == then


@pytest.mark.parametrize("name", ONE_OF_EACH_CODE)
def test_networks_are_what_torch_makes(name: str) -> None:
    space = spaces.get(name)
    architecture = space.sample(np.random.default_rng(2))
    expected, then = made(lambda: space.build(architecture, space.small_width))
    with quick_layers():
        found, after = made(lambda: space.build(architecture, space.small_width))
    for mine, theirs in zip(found.modules(), expected.modules(), strict=True):
        if type(mine) in (nn.Conv2d, nn.BatchNorm2d):
            assert_equal(mine, theirs)
    for mine, theirs in zip(found.parameters(), expected.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    assert after == then


def test_copies_share_nothing() -> None:
    with quick_layers():
        first, second = (nn.BatchNorm2d(3) for _ in range(2))
        nn.init.constant_(first.weight, 5.0)
        first.register_forward_hook(lambda *_: None)
        third = nn.BatchNorm2d(3)
    for other in (second, third):
        assert torch.equal(other.weight, torch.ones(3))
        assert not other._forward_hooks


def test_another_device_and_another_thread_have_layers_of_their_own() -> None:
    found: list[nn.Conv2d] = []

    def elsewhere() -> None:
        with torch.device("meta"):
            found.append(nn.Conv2d(9, 9, 1))

    for _ in range(2):
        with quick_layers():
            found.append(nn.Conv2d(9, 9, 1))
            other = Thread(target=elsewhere)
            other.start()
            other.join()
        with torch.device("meta"), quick_layers():
            found.append(nn.Conv2d(9, 9, 1))
    assert [layer.weight.device.type for layer in found] == ["cpu", "meta", "meta"] * 2


def test_afterwards_layers_are_made_as_ever() -> None:
    before = nn.Conv2d.__init__, nn.BatchNorm2d.__init__
    with pytest.raises(ValueError, match="groups"), quick_layers():
        nn.Conv2d(3, 3, 1, groups=2)
    assert (nn.Conv2d.__init__, nn.BatchNorm2d.__init__) == before


def test_layers_of_a_kind_of_their_own_are_made_as_ever() -> None:
    class Scaled(nn.Conv2d):
        def reset_parameters(self) -> None:
            nn.init.constant_(self.weight, 2.0)

    with quick_layers():
        for _ in range(2):
            assert torch.equal(Scaled(2, 2, 1, bias=False).weight, torch.full((2, 2, 1, 1), 2.0))
