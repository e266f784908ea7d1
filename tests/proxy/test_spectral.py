"""Convolutions in the frequency domain give what the convolution gives."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine.proxy import Evaluation, building, preset
from eproxy_engine.proxy.arithmetic import Arithmetic
from eproxy_engine.proxy.spectral import SpectralConvolution, spectrum_of, worthwhile
from eproxy_engine.proxy.training import Training, evaluate
from tests.precision import DOUBLE, SINGLE, in_double, near, rounding, trained

CELL = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|skip_connect~0|none~1|nor_conv_1x1~2|"


def values(layer: nn.Module, convolution: nn.Conv2d, x: Tensor) -> list[Tensor]:
    """Output, gradients of a loss that is not linear, and second derivatives along a direction."""
    inputs = [x] + [p for p in convolution.parameters() if p.requires_grad]
    output = layer(x)
    gradients = torch.autograd.grad((output**3).mean(), inputs, create_graph=True)
    along = torch.stack([(gradient * gradient.detach().sign()).sum() for gradient in gradients]).sum()
    return [output, *gradients, *torch.autograd.grad(along, inputs)]


@pytest.mark.every_machine
@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("kernel", [3, 7])
@pytest.mark.parametrize(("dtype", "epsilon"), [(torch.float64, DOUBLE), (torch.float32, SINGLE)])
def test_values_and_derivatives_are_those_of_the_convolution(
    kernel: int, frozen: bool, dtype: torch.dtype, epsilon: float
) -> None:
    """Sums go over kernel and channels, then over the grid and back; a second derivative passes four of each."""
    torch.manual_seed(1)
    convolution = nn.Conv2d(4, 6, kernel, padding=kernel // 2, dtype=dtype).requires_grad_(not frozen)
    spectral = SpectralConvolution(convolution, spectrum_of(convolution.weight) if frozen else None)
    x = torch.randn(2, 4, 8, 8, dtype=dtype, requires_grad=True)
    expected, found = values(convolution, convolution, x), values(spectral, convolution, x)
    assert len(found) == (3 if frozen else 7)
    for one, other in zip(found, expected, strict=True):
        near(one, other, rounding(layers=8, terms=kernel**2 * 6, epsilon=epsilon))


def test_parameters_are_those_of_the_convolution() -> None:
    convolution = nn.Conv2d(4, 6, 7, padding=3)
    spectral = SpectralConvolution(convolution)
    assert dict(spectral.named_parameters()) == dict(convolution.named_parameters())
    assert spectral.state_dict().keys() == convolution.state_dict().keys()


def test_large_kernels_of_many_channels_only() -> None:
    def layer(c_in: int, kernel: int, trained: bool) -> nn.Conv2d:
        return nn.Conv2d(c_in, 64, kernel).requires_grad_(trained)

    assert [worthwhile(layer(c_in, 7, trained=True)) for c_in in (8, 64)] == [False, True]
    assert [worthwhile(layer(c_in, 7, trained=False)) for c_in in (8, 64)] == [False, True]
    assert [worthwhile(layer(1024, 3, trained)) for trained in (False, True)] == [True, False]
    assert not worthwhile(layer(4096, 1, trained=False))


def test_a_training_goes_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = preset("laptop").replace("width", "8").replace("iterations", "3").replace("learning_rate", "0.1")
    for key in ("transform_kernel", "barrier_kernel"):
        configuration = configuration.replace(f"branches.0.{key}", "7")
    configuration = configuration.replace("branches.0.c_mid", "128")
    asked = Evaluation.of("nasbench201", CELL, configuration, "noise", seed=1)
    networks = (Training.of(asked, "cpu", Arithmetic(frequencies=on)).network for on in (False, True))
    assert [
        [isinstance(layer, SpectralConvolution) for layer in network.modules()].count(True) for network in networks
    ] == [0, 2]
    monkeypatch.setattr(building, "_spectrum", lambda *of: spectrum_of(building._barrier(*of).weight.double()))
    with in_double():
        plain, quick = (evaluate(asked, "cpu", Arithmetic(frequencies=on)) for on in (False, True))
    assert np.array(quick.values) == pytest.approx(np.array(plain.values), rel=trained(updates=2))
