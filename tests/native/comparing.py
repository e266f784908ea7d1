"""Networks in the kernels and in torch, side by side."""

from copy import deepcopy
from ctypes import CDLL
from typing import NamedTuple

import torch
from torch import Tensor, nn

from eproxy_engine.native.layout import Layout
from eproxy_engine.native.program import Program, compiled, running


class Found(NamedTuple):
    """What a network makes of images, and of the gradients of its outputs."""

    outputs: list[Tensor]
    """``[b, c, h, w]`` each."""
    gradients: list[Tensor]
    """Of each parameter that has one, in order."""


class Outputs(nn.Module):
    """A network with one output as one with a list of them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.network(x)]


def images(count: int, side: int, seed: int = 0) -> Tensor:
    """Random images ``[count, 3, side, side]``."""
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(seed))


def random_gradients(outputs: list[Tensor]) -> list[Tensor]:
    """Random gradients, of outputs ``[b, c, h, w]``."""
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(output.shape, generator=generator) / output.numel() ** 0.5 for output in outputs]


def by_torch(network: nn.Module, x: Tensor, double: bool = True) -> Found:
    """Outputs and gradients by torch, worked out in double precision unless told otherwise."""
    copied = deepcopy(network)
    for module in copied.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    outputs = copied.double()(x.double()) if double else copied(x)
    gradients = [each.to(outputs[0].dtype) for each in random_gradients(outputs)]
    torch.autograd.backward(outputs, gradients)
    return Found(
        [output.detach().float() for output in outputs],
        [p.grad.float() for p in copied.parameters() if p.grad is not None],
    )


def by_kernels(network: nn.Module, x: Tensor, kernels: CDLL, layout: Layout | None = None) -> Found:
    """Outputs and gradients by the kernels, in memory full of NaN."""
    layout = layout or compiled(network, tuple(x.shape))
    with running(layout, x, kernels) as program:
        fill_with_nan(program)
        program.set_images(x)
        program.forward()
        outputs = [output.permute(3, 0, 1, 2).clone() for output in program.outputs()]
        for view, gradient in zip(program.output_gradients(), random_gradients(outputs), strict=True):
            view.copy_(gradient.permute(1, 2, 3, 0))
        program.backward()
        of = {id(p): g.clone() for p, g in zip(program.parameters, program.gradients(), strict=True)}
    return Found(outputs, [of[id(p)] for p in network.parameters() if id(p) in of])


def fill_with_nan(program: Program) -> None:
    """Let whatever is read before it is written show."""
    torch.from_numpy(program.memory.view("float32")).fill_(float("nan"))


def differences(found: Found, expected: Found) -> tuple[float, float]:
    """Largest difference of an output, and norm of that of a gradient, relative to what was expected.

    Gradients that cancel to next to nothing are compared to the largest of all.
    """
    assert [each.shape for each in found.outputs] == [each.shape for each in expected.outputs]
    assert [each.shape for each in found.gradients] == [each.shape for each in expected.gradients]
    outputs = [
        float((one - other).abs().max() / other.abs().max().clamp_min(1e-30))
        for one, other in zip(found.outputs, expected.outputs, strict=True)
    ]
    largest = max((float(each.norm()) for each in expected.gradients), default=0.0)
    gradients = [
        float((one - other).norm() / max(float(other.norm()), 1e-2 * largest, 1e-30))
        for one, other in zip(found.gradients, expected.gradients, strict=True)
    ]
    return max(outputs), max(gradients, default=0.0)
