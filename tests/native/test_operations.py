"""Every operation of the kernels, forward and backward, against torch in double precision."""

from collections.abc import Callable
from ctypes import CDLL
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from tests.native.comparing import Outputs, by_kernels, by_torch, differences, images
from tests.properties import examples

OUTPUTS, GRADIENTS = 2e-5, 2e-3
"""Relative: sums of a thousand products in single precision, through two or three layers; gradients of what is
normalised cancel, some to nothing. One pixel too many or too few is a hundredth at the least."""
pytestmark = pytest.mark.usefixtures("seeded")
SIDES, CHANNELS = st.integers(1, 11), st.integers(1, 19)


@pytest.fixture
def seeded() -> None:
    """Weights are the same in every run."""
    torch.manual_seed(0)


class Function(nn.Module):
    """A function of tensors as a module."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


class Sum(nn.Module):
    """The sum of what modules make of the same tensor."""

    def __init__(self, *parts: nn.Module) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, x: Tensor) -> Tensor:
        one, other = (part(x) for part in self.parts)
        return one + other


def check(
    kernels: CDLL, *layers: nn.Module | Callable[[Tensor], Tensor], channels: int = 5, side: int = 8, count: int = 16
) -> None:
    """Compare the layers after a trained one, whose gradients show those of the layers' input."""
    modules = [each if isinstance(each, nn.Module) else Function(each) for each in layers]
    network = Outputs(nn.Sequential(nn.Conv2d(3, channels, 1), *modules))
    x = images(count, side)
    outputs, gradients = differences(by_kernels(network, x, kernels), by_torch(network, x))
    assert outputs < OUTPUTS
    assert gradients < GRADIENTS


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of a convolution that fits its input, and the side of that."""
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)) | st.sampled_from([(3, 3), (1, 1), (1, 7), (7, 7)]))
    dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = draw(st.tuples(st.integers(0, 4), st.integers(0, 4)))
    wide = [spread * (size - 1) + 1 for spread, size in zip(dilation, kernel, strict=True)]
    least = max(1, *(size - 2 * pad for size, pad in zip(wide, padding, strict=True)))
    stride = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    side = draw(st.integers(least, least + 9))
    return {"side": side, "kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}


@given(convolutions(), CHANNELS, CHANNELS, st.booleans(), st.sampled_from(["plain", "after relu", "normalised"]))
def test_convolutions(kernels: CDLL, made: dict[str, Any], c_in: int, c_out: int, bias: bool, around: str) -> None:
    side = made.pop("side")
    seen = zip(made["padding"], made["dilation"], made["kernel_size"], strict=True)
    assume(around != "normalised" or all(pad <= spread * (wide - 1) for pad, spread, wide in seen))  # not zeros alone
    convolution = nn.Conv2d(c_in, c_out, bias=bias, **made)
    before = [nn.ReLU()] if around == "after relu" else []
    after = [nn.BatchNorm2d(c_out), nn.ReLU()] if around == "normalised" else []
    if around == "normalised":
        nn.init.constant_(after[0].bias, 4.0)  # no rectifier flips by a rounding
    check(kernels, *before, convolution, *after, channels=c_in, side=side)


@given(convolutions(), st.integers(1, 6), st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_grouped_and_depthwise_convolutions(
    kernels: CDLL, made: dict[str, Any], groups: int, c_in: int, c_out: int, rectified: bool
) -> None:
    side = made.pop("side")
    convolution = nn.Conv2d(groups * c_in, groups * c_out, groups=groups, **made)
    check(kernels, *[nn.ReLU()] * rectified, convolution, channels=groups * c_in, side=side)


@examples(0.4)
@given(
    st.sampled_from([4, 8, 12]),
    st.integers(4, 35),
    st.integers(4, 35),
    st.sampled_from([16, 48]),
    st.booleans(),
    st.booleans(),
)
def test_convolutions_by_winograd(
    kernels: CDLL, side: int, c_in: int, c_out: int, count: int, rectified: bool, summed: bool
) -> None:
    """With tiles at every edge, vectors that channels do not fill, and gradients that are added up."""
    convolution = nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
    norm = nn.BatchNorm2d(c_out)
    nn.init.constant_(norm.bias, 4.0)
    layers: nn.Module = nn.Sequential(*[nn.ReLU()] * rectified, convolution, norm)
    if summed:
        layers = Sum(layers, nn.Sequential(nn.Conv2d(c_in, c_out, 1, bias=False), nn.BatchNorm2d(c_out)))
    check(kernels, layers, channels=c_in, side=side, count=count)


@pytest.mark.parametrize("count", [16, 32, 48])
@pytest.mark.parametrize("kernel", [1, 3])
def test_more_images(kernels: CDLL, count: int, kernel: int) -> None:
    layers = [
        nn.Conv2d(6, 9, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(9),
        nn.MaxPool2d(2),
        nn.AvgPool2d(2),
    ]
    depthwise = nn.Conv2d(9, 9, kernel, padding=kernel // 2, groups=9)
    check(kernels, *layers, depthwise, channels=6, side=9, count=count)


@examples(0.6)
@given(st.booleans(), st.tuples(st.integers(1, 4), st.integers(1, 4)), st.integers(1, 3), st.integers(0, 2), SIDES)
def test_poolings(kernels: CDLL, largest: bool, kernel: tuple[int, int], stride: int, padding: int, more: int) -> None:
    padding, side = min(padding, *(size // 2 for size in kernel)), max(kernel) + more
    if largest:
        check(kernels, nn.MaxPool2d(kernel, stride, padding), side=side)
    else:
        check(kernels, nn.AvgPool2d(kernel, stride, padding, count_include_pad=False), side=side)


@examples(0.6)
@given(st.sampled_from(["nearest", "bilinear"]), SIDES, SIDES, SIDES)
def test_resizings(kernels: CDLL, mode: str, side: int, rows: int, columns: int) -> None:
    check(kernels, lambda x: functional.interpolate(x, (rows, columns), mode=mode), side=side)


@examples(0.6)
@given(st.tuples(*[st.integers(-2, 3)] * 4), st.integers(0, 2), st.integers(1, 3), st.integers(5, 9))
def test_windows(kernels: CDLL, margins: tuple[int, ...], first: int, step: int, side: int) -> None:
    check(kernels, lambda x: functional.pad(x, margins)[:, :, first::step, ::step], side=side)


@examples(0.4)
@given(SIDES, CHANNELS, st.booleans())
def test_normalisations(kernels: CDLL, side: int, channels: int, rectified: bool) -> None:
    """Of what no convolution made, with weights of their own."""
    norm = nn.BatchNorm2d(channels, eps=1e-3)
    nn.init.normal_(norm.weight, generator=torch.Generator().manual_seed(0))
    nn.init.constant_(norm.bias, 4.0)
    check(kernels, nn.AvgPool2d(1), norm, *[nn.ReLU()] * rectified, channels=channels, side=side)


def test_a_loss_and_its_gradient(kernels: CDLL) -> None:
    y, target = torch.randn(7, 3, 3, 16), torch.randn(7, 3, 3, 16)
    gradient = torch.empty_like(y)
    found = kernels.eproxy_loss(y.data_ptr(), target.data_ptr(), gradient.data_ptr(), y.numel())
    y.requires_grad_()
    expected = functional.mse_loss(y, target)
    expected.backward()
    assert found == pytest.approx(expected.item(), rel=1e-6)
    assert torch.allclose(gradient, y.grad, rtol=1e-6)
