"""Networks of one's own, as a search space of nothing else: all that takes an architecture takes them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from eproxy_engine.errors import UserError, one_of, shortened
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.complexity import Complexity, count
from eproxy_engine.spaces.interface import CIFAR_SIZE, SearchSpace, Task
from eproxy_engine.spaces.own.backbone import OwnBackbone, Whole, logits_of
from eproxy_engine.spaces.own.calls import calls
from eproxy_engine.spaces.own.stages import StageOutput, chain, parts, stage_outputs

if TYPE_CHECKING:
    import networkx as nx

SIZES = (32, 64, 128, 224, 299)
"""Sides of images that are tried, if none is given."""
SMALLEST_DEEPEST = 4
"""Side of the deepest grid that is looked for; benchmarks have 8 at most and 4 at least."""
LONGEST = 300

Make = Callable[[], nn.Module]


@dataclass(frozen=True)
class Network:
    """What is known of a network after one trial."""

    make: Make
    size: int
    """Side in pixels of the images that it takes."""
    stages: tuple[StageOutput, ...]
    """Its stage outputs, deepest first; empty if it has none."""
    parts: tuple[str, ...]
    """Names of its largest parts that return grids."""
    blocks: tuple[str, ...]
    """Names of the blocks that it is a chain of."""
    classes: int
    has_relus: bool
    """Whether some of its activations are modules ``torch.nn.ReLU``."""


class OwnNetworks(SearchSpace[str]):
    """Networks by name.

    Args:
        networks: For each name, a network, which is copied with the weights that it has, or a function that makes one.
        size: Side of the images in pixels; None for the smallest of :data:`SIZES` that leaves the deepest stage a grid
            of at least :data:`SMALLEST_DEEPEST` pixels a side.

    Raises:
        UserError: If a network cannot be used; the message says why.
    """

    name = "own-networks"
    title = "Your own networks"
    tasks = (Task("accuracy", "Unknown"),)
    published_width = 16
    small_width = 16

    def __init__(self, networks: Mapping[str, nn.Module | Make], size: int | None = None) -> None:
        self.networks = {name: tried(name, maker(name, given), size) for name, given in networks.items()}
        self.classes = max((each.classes for each in self.networks.values()), default=1)
        self._counts: dict[str, Complexity] = {}

    def parse(self, text: str) -> str:
        if text.strip() not in self.networks:
            raise UserError(one_of(text, self.networks, "network"))
        return text.strip()

    def sample(self, rng: np.random.Generator) -> str:
        return str(rng.choice(list(self.networks)))

    def mutate(self, architecture: str, rng: np.random.Generator) -> str:
        return str(rng.choice([name for name in self.networks if name != architecture]))

    def build(self, architecture: str, width: int, size: int = CIFAR_SIZE) -> Backbone:
        """Build a network, of whatever ``width`` and image ``size`` it is."""
        known = self.networks[architecture]
        network = known.make()
        if isinstance(network, Backbone):
            return network
        return OwnBackbone(network, known.stages, [network.get_submodule(name) for name in known.parts], known.size)

    def largest(self) -> str:
        return max(self.networks, key=lambda name: self.counts(name).flops)

    def drawings(self, architecture: str) -> dict[str, nx.DiGraph]:
        import networkx as nx

        names = ["input", *self.networks[architecture].blocks, "output"]
        drawing = nx.DiGraph()
        drawing.add_nodes_from((place, {"label": name}) for place, name in enumerate(names))
        drawing.add_edges_from((place, place + 1, {"label": ""}) for place in range(len(names) - 1))
        return {"network": drawing}

    def counts(self, architecture: str) -> Complexity:
        return self._counted(architecture, self.published_width, CIFAR_SIZE)

    def _counted(self, architecture: str, width: int, size: int) -> Complexity:
        """Count for images of the size that the network takes. Raises UserError."""
        if architecture not in self._counts:
            try:
                self._counts[architecture] = self._counted_whole(self.networks[architecture])
            except Exception as error:
                raise UserError(f"the size of {architecture!r} cannot be counted: {_reason(error)}") from error
        return self._counts[architecture]

    def _counted_whole(self, known: Network) -> Complexity:
        network = known.make()  # not on the meta device, where some constructors cannot compute what they need
        if isinstance(network, Backbone):
            return count(lambda: network.to("meta"), known.classes, known.size)
        found = count(lambda: Whole(network.to("meta"), (), (), known.size), known.classes, known.size)
        return replace(found, stages=tuple((each.channels, each.side, each.side) for each in known.stages))


def maker(name: str, given: Any) -> Make:
    """Return a function that makes a network, or copies the given one. Raises UserError."""
    if isinstance(given, nn.Module):
        return lambda: copy.deepcopy(given)
    if isinstance(given, type) and issubclass(given, nn.Module):
        return given
    if callable(given):
        return lambda: copy.deepcopy(given())  # it may return the same network again
    raise UserError(
        f"the network {name!r} is of type {type(given).__name__}; accepted: a torch.nn.Module, or a "
        "function that makes one"
    )


def tried(name: str, make: Make, size: int | None) -> Network:
    """Try a network on two images. Raises UserError if it cannot be used."""
    sizes = SIZES if size is None else (size,)
    smaller: Network | None = None
    with torch.random.fork_rng(devices=[]):
        try:
            network = _made(make)
        except Exception as error:
            raise UserError(f"the network {name!r} cannot be made: {_reason(error)}") from error
        problems: list[Exception] = []
        for each in sizes:
            try:
                found = _tried(network, make, each)
            except Exception as error:
                problems.append(error)
                continue
            if not found.stages or found.stages[0].side >= SMALLEST_DEEPEST:
                return found
            smaller = found
    if smaller is None:
        raise UserError(
            f"the network {name!r} cannot be used: {_reason(problems[0])}; accepted: a torch.nn.Module from images "
            f"[b, 3, h, h] to logits [b, classes] (tried: h = {', '.join(map(str, sizes))})"
        )
    return smaller


def _made(make: Make) -> nn.Module:
    network = make()
    if not isinstance(network, nn.Module):
        raise UserError(f"what makes it returns {type(network).__name__}")
    return network.train()


def _tried(network: nn.Module, make: Make, size: int) -> Network:
    if isinstance(network, Backbone):
        return _known(network, make)
    call, returned = calls(network, torch.randn(2, 3, size, size))
    names = {module: part for part, module in network.named_modules()}
    return Network(
        make,
        size,
        tuple(stage_outputs(call)),
        tuple(names[part] for part in parts(call)),
        tuple(block.name for block in chain(call)),
        logits_of(returned).shape[1],
        _has_relus(network),
    )


def _known(network: Backbone, make: Make) -> Network:
    """Return what is known of a network that gives its stage outputs itself, and makes a head of any size."""
    outputs = network(torch.randn(2, 3, CIFAR_SIZE, CIFAR_SIZE))
    stages = tuple(StageOutput("", place, each.shape[1], each.shape[3]) for place, each in enumerate(outputs))
    return Network(make, CIFAR_SIZE, stages, (), (), OwnNetworks.classes, _has_relus(network))


def _has_relus(network: nn.Module) -> bool:
    return any(isinstance(module, nn.ReLU) for module in network.modules())


def _reason(error: Exception) -> str:
    text = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    return shortened(text, LONGEST)
