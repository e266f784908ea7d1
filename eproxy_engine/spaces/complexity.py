"""Parameters, FLOPs and activations of a network: the one counting rule of this project.

Parameters are the trainable ones of the backbone with its benchmark's classifier. FLOPs are the
multiply–accumulates of convolutions and linear layers for one image of the size at which the benchmark counts;
biases, normalisation, activation, pooling and addition do not count. benchmarks/PROVENANCE.md lists published
figures that follow another rule: NAS-Bench-201, for instance, adds 10, the classifier's biases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone

KEPT_FOR_THE_GRADIENT = (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d)
"""Layers whose output stays in memory until the backward pass; a ReLU works in place or on one of these."""


@dataclass(frozen=True)
class Complexity:
    """Size and cost of a network, for one image."""

    parameters: int
    flops: int
    """Multiply–accumulates."""
    activations: int
    """Elements in the outputs of convolutions, normalisations and poolings."""
    stages: tuple[tuple[int, int, int], ...]
    """Channels, height and width of the stage outputs, deepest first."""


def count(build: Callable[[], Backbone], classes: int, size: int) -> Complexity:
    """Count the complexity of a network on the meta device, without computing anything.

    Args:
        build: Makes the backbone.
        classes: Outputs of the classifier that is counted along with the backbone.
        size: Side of the images in pixels.
    """
    flops = activations = 0

    def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal flops, activations
        flops += multiply_accumulates(module, output)
        activations += output.numel() if isinstance(module, KEPT_FOR_THE_GRADIENT) else 0

    def parts() -> list[nn.Module]:
        backbone = build()
        return [backbone, backbone.classifier(classes)]

    network, stages = run_on_meta(parts, size, add)
    return Complexity(
        parameters=sum(p.numel() for p in network.parameters() if p.requires_grad),
        flops=flops,
        activations=activations,
        stages=tuple((s.shape[1], s.shape[2], s.shape[3]) for s in stages),
    )


Hook = Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]


def run_on_meta(parts: Callable[[], list[Any]], size: int, hook: Hook) -> tuple[nn.ModuleList, list[Tensor]]:
    """Run a network once on the meta device, which computes shapes alone.

    Args:
        parts: Makes the backbone and, if it is to run as well, a classifier.
        size: Side of the image in pixels.
        hook: Called with each layer, its inputs and its output for one image.

    Returns:
        The parts as one module, and the stage outputs, deepest first.
    """
    with torch.device("meta"), torch.no_grad():
        network = nn.ModuleList(parts())
        for module in network.modules():
            if not list(module.children()):
                module.register_forward_hook(hook)
            if isinstance(module, nn.BatchNorm2d | nn.ReLU):
                module.forward = _unchanged  # type: ignore[assignment, method-assign]  # slow on meta
        backbone, *classifiers = network
        stages = backbone(torch.empty(1, 3, size, size))
        for classifier in classifiers:
            classifier(stages[0])
    return network, stages


def multiply_accumulates(module: nn.Module, output: Tensor) -> int:
    """Count the multiply–accumulates of a module from its output for one image."""
    if isinstance(module, nn.Conv2d):
        return output.numel() * module.weight[0].numel()
    return output.numel() * module.in_features if isinstance(module, nn.Linear) else 0


def _unchanged(x: Tensor) -> Tensor:
    return x
