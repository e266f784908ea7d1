"""Convolutions in the frequency domain give what the convolution gives."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine.proxy import Evaluation, preset
from eproxy_engine.proxy.spectral import SpectralConvolution, spectrum_of, worthwhile
from eproxy_engine.proxy.training import Arithmetic, Training, evaluate

CELL = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|skip_connect~0|none~1|nor_conv_1x1~2|"


def values(layer: nn.Module, convolution: nn.Conv2d, x: Tensor) -> list[Tensor]:
    """Output, gradients of a loss that is not linear, and second derivatives along a direction."""
    inputs = [x] + [p for p in convolution.parameters() if p.requires_grad]
    output = layer(x)
    gradients = torch.autograd.grad((output**3).mean(), inputs, create_graph=True)
    along = torch.stack([(gradient * gradient.detach().sign()).sum() for gradient in gradients]).sum()
    return [output, *gradients, *torch.autograd.grad(along, inputs)]


@pytest.mark.parametrize("trained", [True, False])
@pytest.mark.parametrize("kernel", [3, 7])
def test_values_and_derivatives_are_those_of_the_convolution(kernel: int, trained: bool) -> None:
    torch.manual_seed(1)
    convolution = nn.Conv2d(4, 6, kernel, padding=kernel // 2).requires_grad_(trained)
    spectral = SpectralConvolution(convolution, None if trained else spectrum_of(convolution.weight))
    x = torch.randn(2, 4, 8, 8, requires_grad=True)
    expected, found = values(convolution, convolution, x), values(spectral, convolution, x)
    assert len(found) == (7 if trained else 3)
    for one, other in zip(found, expected, strict=True):
        assert (one - other).abs().max() < 1e-4 * other.abs().max()


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


def test_a_training_goes_the_same_way() -> None:
    configuration = preset("laptop").replace("width", "8").replace("iterations", "3").replace("learning_rate", "0.1")
    for key in ("transform_kernel", "barrier_kernel"):
        configuration = configuration.replace(f"branches.0.{key}", "7")
    configuration = configuration.replace("branches.0.c_mid", "128")
    asked = Evaluation.of("nasbench201", CELL, configuration, "noise", seed=1)
    network = Training.of(asked, "cpu").network
    assert [isinstance(layer, SpectralConvolution) for layer in network.modules()].count(True) == 2
    plain, quick = (evaluate(asked, "cpu", Arithmetic(frequencies=on)) for on in (False, True))
    assert np.array(quick.values) == pytest.approx(np.array(plain.values), rel=1e-4)
    assert quick.values != plain.values
