"""Gradients from block to block by kernels: those of torch, in any network, and in memory full of what was there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from ctypes import CDLL

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine.baselines.classifier import Classifier
from eproxy_engine.baselines.compiled import CompiledClassifier
from eproxy_engine.native import program
from eproxy_engine.native.memory import borrowed
from eproxy_engine.native.operations import Untraceable
from eproxy_engine.spaces.backbone import Backbone
from tests.native.comparing import images
from tests.native.test_families import GRADIENTS, SIDE, network
from tests.registry import ONE_OF_EACH_CODE

Found = list[tuple[list[Tensor], list[Tensor]]]


@pytest.fixture(autouse=True)
def _memory_full_of_nan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever is read before it is written show."""

    @contextmanager
    def full_of_nan(size: int) -> Iterator[np.ndarray]:
        with borrowed(size) as memory:
            memory.view(np.float32).fill(np.nan)
            yield memory

    monkeypatch.setattr(program, "borrowed", full_of_nan)


def factors() -> Callable[[torch.Size], Tensor]:
    generator = torch.Generator().manual_seed(1)
    return lambda shape: torch.randn(shape, generator=generator)


def by_both(backbone: Backbone, kernels: CDLL) -> tuple[Found, Found]:
    """Factors and gradients of every block, by torch and by the kernels."""
    x = images(16, SIDE)
    torch.manual_seed(0)
    by_torch = list(Classifier(deepcopy(backbone), 10).block_gradients(x, factors()))
    passages = CompiledClassifier(backbone, 10, kernels).block_gradients(x, factors())
    return by_torch, [(given, [each.clone() for each in gradients]) for given, gradients in passages]


def check(backbone: Backbone, kernels: CDLL) -> None:
    expected, found = by_both(backbone, kernels)
    assert len(found) == len(expected) > 0
    for (given, gradients), (drawn, wanted) in zip(found, expected, strict=True):
        for one, other in zip(given, drawn, strict=True):
            assert torch.equal(one, other)
        for one, other in zip(gradients, wanted, strict=True):
            assert (one - other).norm() <= GRADIENTS * other.norm()


@pytest.mark.parametrize("name", ONE_OF_EACH_CODE)
def test_gradients_are_those_of_torch(best_kernels: CDLL, name: str) -> None:
    check(network(name), best_kernels)


class Layer(nn.Module):
    """A convolution, and what becomes of its input and output."""

    def __init__(self, ends: Callable[[Tensor, Tensor], object], c_in: int = 4, c_out: int = 4) -> None:
        super().__init__()
        self.convolution, self.ends = nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), ends

    def forward(self, x: Tensor) -> object:
        return self.ends(x, self.convolution(x))


class Joined(nn.Module):
    """The maps that a block puts out, joined."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(8, 4, 1, bias=False)

    def forward(self, maps: list[Tensor]) -> Tensor:
        return self.convolution(torch.cat(maps, dim=1))


class Chain(Backbone):
    """Blocks one after the other."""

    stage_channels = (4, 4, 4)

    def __init__(self, *blocks: nn.Module) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor) -> list[Tensor]:
        for block in self.blocks:
            x = block(x)
        return [x] * 3

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, classes))


def first() -> Layer:
    return Layer(lambda x, y: y, 3)


@pytest.mark.parametrize(
    "between",
    [
        [Layer(lambda x, y: x)],
        [Layer(lambda x, y: x.new_zeros(x.shape))],
        [Layer(lambda x, y: x + y), Layer(lambda x, y: y + nn.functional.relu(y) + x)],
        [Layer(lambda x, y: torch.cat([x, y], dim=1)), nn.Sequential(nn.Conv2d(8, 4, 1, bias=False))],
        [Layer(lambda x, y: [x + y, y]), Joined()],
        [Layer(lambda x, y: [x.new_zeros(x.shape), y]), Joined()],
    ],
    ids=["passes on", "stops all", "adds", "joins", "puts out two, one from the other", "puts out a constant, too"],
)
def test_blocks_of_many_kinds(best_kernels: CDLL, between: list[nn.Module]) -> None:
    check(Chain(first(), *deepcopy(between), Layer(lambda x, y: y)), best_kernels)


def test_what_the_kernels_cannot_carry_is_refused(best_kernels: CDLL) -> None:
    twice = Chain(first(), Layer(lambda x, y: [y, y]), Joined())
    with pytest.raises(Untraceable, match="has blocks whose outputs overlap"):
        by_both(twice, best_kernels)
    with pytest.raises(Untraceable, match="has fewer than two blocks"):
        by_both(Chain(first()), best_kernels)
