"""Few-shot training by compiled kernels, the fast way on a CPU; that of ``training.py`` is its reference."""

from __future__ import annotations

import math
from ctypes import CDLL

import torch
from torch import Tensor, nn

from eproxy_engine.native.descent import KernelDescent
from eproxy_engine.native.program import Program, compiled, running
from eproxy_engine.proxy.building import build, to_frequencies
from eproxy_engine.proxy.configuration import Configuration, configuration_of
from eproxy_engine.proxy.descent import Descent
from eproxy_engine.proxy.evaluation import Evaluation, Values
from eproxy_engine.proxy.garbage import without_collecting
from eproxy_engine.proxy.inputs import images_of, labels_of
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.proxy.spectral import SpectralConvolution


def train(evaluation: Evaluation, kernels: CDLL) -> Values:
    """Train and return the losses of every iteration before its update, up to the first that is not finite.

    Args:
        evaluation: Evaluation of an Eproxy configuration in single precision.
        kernels: Library of kernels.

    Raises:
        Untraceable: If the kernels cannot compute the network.
    """
    with without_collecting():
        return _trained(evaluation, kernels)


def _trained(evaluation: Evaluation, kernels: CDLL) -> Values:
    configuration = configuration_of(evaluation)
    network, x = ProxyNetwork(*build(evaluation), configuration), images_of(evaluation)
    to_frequencies(network, configuration, evaluation.seed)
    heads_in_torch = torch_computes_heads(network)
    traced = Stages(network) if heads_in_torch else network
    with running(compiled(traced, shape_of(x)), x, kernels) as program:
        if heads_in_torch:
            return _with_heads_in_torch(program, network, labels_of(evaluation), configuration)
        return _whole(program, labels_of(evaluation), configuration)


def torch_computes_heads(network: ProxyNetwork) -> bool:
    """Return whether the heads are in the frequency domain, where torch is faster."""
    return any(isinstance(part, SpectralConvolution) for part in network.heads.modules())


def _whole(program: Program, labels: list[Tensor], configuration: Configuration) -> Values:
    targets = [label.permute(1, 2, 3, 0).contiguous() for label in labels]
    descent, history = _descent(program, configuration), list[tuple[float, ...]]()
    while True:
        program.forward()
        history.append(tuple(program.losses(targets)))
        if _ended(history, configuration):
            return tuple(history)
        program.backward()
        descent.step()


def _with_heads_in_torch(
    program: Program, network: ProxyNetwork, labels: list[Tensor], configuration: Configuration
) -> Values:
    """Train large heads in the frequency domain, where torch is faster, and the backbone by kernels."""
    descents = _descent(program, configuration), Descent.on(network.heads, configuration, fused=True)
    history: list[tuple[float, ...]] = []
    while True:
        program.forward()
        stages = [stage.permute(3, 0, 1, 2).contiguous().requires_grad_() for stage in program.outputs()]
        losses = [
            nn.functional.mse_loss(head(stage), label)
            for head, stage, label in zip(network.heads, stages, labels, strict=True)
        ]
        history.append(tuple(loss.item() for loss in losses))
        if _ended(history, configuration):
            return tuple(history)
        torch.stack(losses).sum().backward()
        for gradient, stage in zip(program.output_gradients(), stages, strict=True):
            assert stage.grad is not None
            gradient.copy_(stage.grad.permute(1, 2, 3, 0))
        program.backward()
        for descent in descents:
            descent.step()


def _ended(history: list[tuple[float, ...]], configuration: Configuration) -> bool:
    return len(history) == configuration.iterations or not all(map(math.isfinite, history[-1]))


def _descent(program: Program, configuration: Configuration) -> KernelDescent:
    return program.descent(configuration.learning_rate, configuration.momentum, configuration.weight_decay)


def shape_of(x: Tensor) -> tuple[int, int, int, int]:
    """Return the shape of images, ``[b, 3, h, w]``."""
    images, channels, rows, columns = x.shape
    return images, channels, rows, columns


class Stages(nn.Module):
    """The stage outputs that the heads of a network see, one for each head."""

    def __init__(self, network: ProxyNetwork) -> None:
        super().__init__()
        self.backbone, self._places = network.backbone, network.places

    def forward(self, x: Tensor) -> list[Tensor]:
        stages = self.backbone(x)
        return [stages[place] for place in self._places]
