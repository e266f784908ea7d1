"""Parameters, FLOPs and activations of a network: the one counting rule of this project.

Parameters are the trainable ones of the backbone with its benchmark's classifier. FLOPs are the
multiply–accumulates of convolutions and linear layers for one image of the size at which the benchmark counts;
biases, normalisation, activation, pooling and addition count nothing. Published figures that follow another rule
are told in benchmarks/PROVENANCE.md: NAS-Bench-201, for instance, adds 10, the classifier's biases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.interface import CIFAR_SIZE, Architecture, SearchSpace

KEPT_FOR_THE_GRADIENT = (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d)
"""Layers whose output stays in memory until the backward pass; a ReLU works in place or on one of these."""


@dataclass(frozen=True)
class Complexity:
    """What a network is made of."""

    parameters: int
    flops: int
    """Multiply–accumulates for one image of the space's ``input_size``."""
    activations: int
    """Elements that convolutions, normalisations and poolings put out for one image of CIFAR size."""
    stages: tuple[tuple[int, int, int], ...]
    """Channels, height and width of the stage outputs for an image of CIFAR size, deepest first."""


def count(space: SearchSpace, architecture: Architecture, width: int | None = None) -> Complexity:
    """Complexity at ``width`` stem channels (the published width if None), without computing anything."""
    width = space.published_width if width is None else width
    evaluated = count_at(space, architecture, width, CIFAR_SIZE)
    if space.input_size == CIFAR_SIZE:
        return evaluated
    return replace(evaluated, flops=count_at(space, architecture, width, space.input_size).flops)


def count_at(space: SearchSpace, architecture: Architecture, width: int, size: int) -> Complexity:
    """All of it for images of ``size`` pixels a side."""
    flops = activations = 0

    def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal flops, activations
        flops += _multiply_accumulates(module, output)
        activations += output.numel() if isinstance(module, KEPT_FOR_THE_GRADIENT) else 0

    with torch.device("meta"), torch.no_grad():
        backbone = space.build(architecture, width, size)
        network = nn.ModuleList([backbone, backbone.classifier(space.classes)])
        for module in network.modules():
            if not list(module.children()):
                module.register_forward_hook(add)
            if isinstance(module, nn.BatchNorm2d | nn.ReLU):
                module.forward = _unchanged  # type: ignore[assignment, method-assign]  # slow on meta
        stages = backbone(torch.empty(1, 3, size, size))
        network[1](stages[0])
    return Complexity(
        parameters=sum(p.numel() for p in network.parameters() if p.requires_grad),
        flops=flops,
        activations=activations,
        stages=tuple((s.shape[1], s.shape[2], s.shape[3]) for s in stages),
    )


def _multiply_accumulates(module: nn.Module, output: Tensor) -> int:
    """``output`` is the module's output for one image."""
    if isinstance(module, nn.Conv2d):
        return output.numel() * module.weight[0].numel()
    return output.numel() * module.in_features if isinstance(module, nn.Linear) else 0


def _unchanged(x: Tensor) -> Tensor:
    return x
