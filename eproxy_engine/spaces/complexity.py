"""Parameters and FLOPs of a network: the one counting rule of this project.

Parameters are the trainable ones of the backbone with its benchmark's classifier. FLOPs are the
multiply–accumulates of convolutions and linear layers for one image; biases, normalisation, activation,
pooling and addition count nothing. NAS-Bench-201 publishes the same figures plus 10, the classifier's biases.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.interface import Architecture, SearchSpace


@dataclass(frozen=True)
class Complexity:
    """What a network is made of."""

    parameters: int
    flops: int
    """Multiply–accumulates for one image."""
    stages: tuple[tuple[int, int, int], ...]
    """Channels, height and width of the stage outputs, deepest first."""


def count(space: SearchSpace, architecture: Architecture, width: int | None = None) -> Complexity:
    """Complexity at ``width`` stem channels (the published width if None), without computing anything."""
    with torch.device("meta"), torch.no_grad():
        backbone = space.build(architecture, space.published_width if width is None else width)
        classifier = backbone.classifier(space.classes)
        network = nn.ModuleList([backbone, classifier])
        flops = 0

        def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            nonlocal flops
            flops += _multiply_accumulates(module, output)

        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.register_forward_hook(add)
            elif isinstance(module, nn.BatchNorm2d | nn.ReLU):
                module.forward = _unchanged  # type: ignore[assignment, method-assign]  # counts nothing, and is slow on meta
        stages = backbone(torch.empty(1, 3, space.input_size, space.input_size))
        classifier(stages[0])
    return Complexity(
        parameters=sum(p.numel() for p in network.parameters() if p.requires_grad),
        flops=flops,
        stages=tuple((s.shape[1], s.shape[2], s.shape[3]) for s in stages),
    )


def _multiply_accumulates(module: nn.Module, output: Tensor) -> int:
    """``output`` is the module's output for one image."""
    if isinstance(module, nn.Conv2d):
        return output.numel() * module.weight[0].numel()
    assert isinstance(module, nn.Linear)
    return output.numel() * module.in_features


def _unchanged(x: Tensor) -> Tensor:
    return x
