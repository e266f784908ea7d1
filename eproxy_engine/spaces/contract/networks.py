"""Promises about a space's networks."""

from __future__ import annotations

import networkx as nx
import numpy as np
import torch
from torch import nn

from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.contract.promise import Promise, expect
from eproxy_engine.spaces.contract.values import ends
from eproxy_engine.spaces.interface import CIFAR_SIZE, Architecture, SearchSpace

TRIES = 50
"""Samples to try until one has no unused part."""


def stages_come_deepest_first(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test for three outputs with the stated channels, smaller maps first, and a head for any number of classes."""
    for architecture in (space.sample(rng), space.largest()):
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            backbone = _built(space, architecture, space.small_width)
            stages = backbone(torch.zeros(2, 3, CIFAR_SIZE, CIFAR_SIZE))
            told = f"of {str(architecture)!r} at width {space.small_width}"
            _are_stage_outputs([tuple(stage.shape) for stage in stages], backbone, told)
            logits = tuple(backbone.classifier(7)(stages[0]).shape)
        expect(logits == (2, 7), f"classifier(7) {told} gives {logits} for two images; accepted: (2, 7)")


def _are_stage_outputs(shapes: list[tuple[int, ...]], backbone: Backbone, told: str) -> None:
    expect(len(shapes) == 3, f"forward {told} gives {len(shapes)} outputs; accepted: three stage outputs")
    expect(
        all(len(shape) == 4 and shape[0] == 2 for shape in shapes),
        f"stage outputs {told} for two images are {shapes}; accepted: [2, channels, height, width]",
    )
    channels = tuple(shape[1] for shape in shapes)
    expect(
        tuple(backbone.stage_channels) == channels,
        f"stage_channels {told} is {backbone.stage_channels!r}, but the outputs have {channels}",
    )
    sides = [shape[2:] for shape in shapes]
    expect(sides == sorted(sides), f"stage outputs {told} are {shapes}; accepted: the deepest, with the least, first")


def networks_depend_on_the_seed_alone(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that building twice from one state of torch's generator gives the same weights."""
    architecture = space.sample(rng)
    with torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(1)
        first = _built(space, architecture, space.small_width).state_dict()
        torch.random.default_generator.manual_seed(1)
        again = _built(space, architecture, space.small_width).state_dict()
    same = first.keys() == again.keys() and all(torch.equal(first[name], again[name]) for name in first)
    expect(same, f"build({str(architecture)!r}) gives different weights for the same torch seed")


def every_parameter_learns(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that a loss on the three outputs gives every trainable parameter a gradient.

    Skips architectures with parts that no input reaches or that do not reach the output.
    """
    for _ in range(TRIES):
        architecture = space.equivalent(space.sample(rng))
        if all(all_on_a_path(graph) for graph in space.drawings(architecture).values()):
            break
    else:
        return
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.random.default_generator.manual_seed(0)
        backbone = _built(space, architecture, space.small_width)
        trained = {name: p for name, p in backbone.named_parameters() if p.requires_grad}
        expect(trained, f"the network of {str(architecture)!r} has no trainable parameters")
        stages = backbone(torch.randn(4, 3, CIFAR_SIZE, CIFAR_SIZE))
        errors = [(stage - torch.randn_like(stage)).square().mean() for stage in stages]
        torch.stack(errors).sum().backward()
    idle = [name for name, p in trained.items() if p.grad is None or not p.grad.any()]
    expect(not idle, f"no gradient reaches {', '.join(idle[:3])} of {str(architecture)!r}")


def all_on_a_path(graph: nx.DiGraph) -> bool:
    """Return whether every input and every node with edges lies on a path from an input to the output."""
    inputs, (output,) = ends(graph)
    behind = set().union(*(nx.descendants(graph, node) | {node} for node in inputs))
    on_a_path = behind & (nx.ancestors(graph, output) | {output})
    return {*inputs, output} <= on_a_path and all(node in on_a_path for node in graph if graph.degree(node))


def counts_are_those_of_the_network(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that counted parameters, FLOPs and stages are those of the built network."""
    architecture = space.sample(rng)
    complexity = space.complexity(architecture, width=space.small_width)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        backbone = _built(space, architecture, space.small_width)
        stages = backbone(torch.zeros(2, 3, CIFAR_SIZE, CIFAR_SIZE))
        head = backbone.classifier(space.classes)
    shapes = tuple(tuple(stage.shape[1:]) for stage in stages)
    expect(complexity.stages == shapes, f"stages of {str(architecture)!r} are {shapes}, counted {complexity.stages}")
    parameters = sum(p.numel() for p in [*backbone.parameters(), *head.parameters()] if p.requires_grad)
    expect(
        complexity.parameters == parameters,
        f"{str(architecture)!r} has {parameters} parameters, counted {complexity.parameters}",
    )
    expect(complexity.flops > 0, f"{str(architecture)!r} has no FLOPs: neither convolutions nor linear layers")
    stated, built = space.counts(architecture), space.complexity(architecture)
    expect(
        (stated.parameters, stated.flops) == (built.parameters, built.flops),
        f"counts of {str(architecture)!r} are {stated.parameters} parameters and {stated.flops} FLOPs, but the network "
        f"has {built.parameters} and {built.flops}",
    )


def none_has_more_flops_than_the_largest(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that ``largest`` has ``largest_flops`` and that no sample has more."""
    largest, stated = space.counts(space.largest()).flops, space.largest_flops
    expect(largest == stated, f"largest_flops is {stated}, but {str(space.largest())!r} has {largest}")
    for _ in range(5):
        architecture = space.sample(rng)
        flops = space.counts(architecture).flops
        expect(flops <= stated, f"{str(architecture)!r} has {flops} FLOPs, more than the largest with {stated}")


def parameters_do_not_depend_on_the_images(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that the shapes of parameters are the same for images of every size."""
    architecture = space.sample(rng)
    sizes = (CIFAR_SIZE, space.input_size, 2 * CIFAR_SIZE)
    shapes = [_shapes(space, architecture, space.small_width, size) for size in sizes]
    expect(shapes[0] == shapes[1] == shapes[2], f"parameters of {str(architecture)!r} depend on the size of the images")


def twice_the_width_is_twice_the_channels(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that channels are proportional to the width, so that the width control takes effect."""
    architecture, published = space.sample(rng), space.published_width
    with torch.device("meta"):
        narrow, wide = (_built(space, architecture, width).stage_channels for width in (published, 2 * published))
    expect(
        tuple(wide) == tuple(2 * channels for channels in narrow),
        f"at width {published} stages of {str(architecture)!r} have {tuple(narrow)} channels, at {2 * published} "
        f"{tuple(wide)}: channels do not follow the width, and estimated times are wrong at other widths",
    )


def _built(space: SearchSpace, architecture: Architecture, width: int, size: int = CIFAR_SIZE) -> Backbone:
    backbone = space.build(architecture, width, size)
    expect(
        isinstance(backbone, Backbone),
        f"build gives a {type(backbone).__name__}; accepted: a Backbone, such as Stages of eproxy_engine.spaces.stages",
    )
    expect(hasattr(backbone, "stage_channels"), f"{type(backbone).__name__} has no attribute stage_channels")
    return backbone


def _shapes(space: SearchSpace, architecture: Architecture, width: int, size: int) -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):
        network: nn.Module = _built(space, architecture, width, size)
    return {name: tuple(parameter.shape) for name, parameter in network.named_parameters()}


NETWORKS = (
    Promise("three stage outputs come deepest first", stages_come_deepest_first, times=3),
    Promise("a network's weights depend on the seed alone", networks_depend_on_the_seed_alone, times=2),
    Promise("every parameter learns", every_parameter_learns, times=4),
    Promise("counts are those of the network", counts_are_those_of_the_network, times=3),
    Promise("none has more FLOPs than the largest", none_has_more_flops_than_the_largest, times=2),
    Promise("parameters do not depend on the size of the images", parameters_do_not_depend_on_the_images, times=2),
    Promise("twice the width is twice the channels", twice_the_width_is_twice_the_channels, advice=True),
)
