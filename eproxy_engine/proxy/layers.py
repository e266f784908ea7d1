"""Layers of torch, made as copies of earlier ones with the same settings.

A network has hundreds of layers of a few kinds, and torch takes longer to check their settings than to draw their
weights. The copies draw the same weights, bit by bit.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock, get_ident
from typing import Any

import torch
from torch import Tensor, nn

CONTAINERS = (dict, list, set, OrderedDict)
"""Types of attributes that layers must not share."""

_INITIALISERS: dict[type[nn.Module], Callable[..., None]] = {
    kind: kind.__init__ for kind in (nn.Conv2d, nn.BatchNorm2d)
}
_LOCK = RLock()


@contextmanager
def quick_layers() -> Iterator[None]:
    """Have this thread's convolutions and normalisations made as copies within the block."""
    with _LOCK:
        where = get_ident(), torch.get_default_dtype(), torch.get_default_device()
        try:
            for kind, initialiser in _INITIALISERS.items():
                kind.__init__ = _quick(kind, initialiser, *where)  # type: ignore[method-assign]
            yield
        finally:
            for kind, initialiser in _INITIALISERS.items():
                kind.__init__ = initialiser  # type: ignore[method-assign]


def _quick(
    kind: type[nn.Module], initialiser: Callable[..., None], thread: int, *place: Hashable
) -> Callable[..., None]:
    """Return what stands in for the initialiser of a kind of layers: not of its subclasses, and in one thread alone."""

    def initialise(layer: nn.Module, *settings: Any, **named: Any) -> None:
        if type(layer) is not kind or get_ident() != thread:
            return initialiser(layer, *settings, **named)
        key = kind, place, settings, *named.items()
        try:
            pattern = _PATTERNS.get(key)
        except TypeError:  # a list, for example
            return initialiser(layer, *settings, **named)
        if pattern is not None:
            return pattern.copy_to(layer)
        initialiser(layer, *settings, **named)
        _PATTERNS[key] = _Pattern.of(layer)
        return None

    return initialise


@dataclass(frozen=True)
class _Pattern:
    """What layers with the same settings have in common."""

    attributes: dict[str, Any]
    containers: dict[str, Any]
    """Attributes of which each layer has its own."""
    drawn: dict[str, tuple[Tensor, float]]
    """Parameters that are drawn, in torch's order: one that is alike, and the bound of its uniform distribution."""
    parameters: dict[str, Tensor | None]
    """Initial values of the other parameters; None for those that are drawn."""
    buffers: dict[str, Tensor | None]

    @classmethod
    def of(cls, layer: nn.Module) -> _Pattern:
        attributes = {name: value for name, value in layer.__dict__.items() if name not in ("_parameters", "_buffers")}
        containers = {name: value.copy() for name, value in attributes.items() if type(value) in CONTAINERS}
        bounds = _bounds(layer)
        drawn = {name: (layer.get_parameter(name).detach(), bound) for name, bound in bounds.items()}
        parameters, buffers = (
            {name: None if each is None or name in drawn else each.detach().clone() for name, each in given.items()}
            for given in (layer._parameters, layer._buffers)
        )
        return cls(attributes, containers, drawn, parameters, buffers)

    def copy_to(self, layer: nn.Module) -> None:
        own = layer.__dict__
        own.update(self.attributes)
        for name, value in self.containers.items():
            own[name] = value.copy()
        own["_parameters"] = {
            name: None if value is None else nn.Parameter(value.clone()) for name, value in self.parameters.items()
        }
        own["_buffers"] = {name: None if value is None else value.clone() for name, value in self.buffers.items()}
        for name, (like, bound) in self.drawn.items():
            own["_parameters"][name] = nn.Parameter(torch.empty_like(like).uniform_(-bound, bound))


_PATTERNS: dict[Hashable, _Pattern] = {}


def _bounds(layer: nn.Module) -> dict[str, float]:
    """Return the bounds between which ``reset_parameters`` draws a layer's parameters, which are the same below 0."""
    if not isinstance(layer, nn.Conv2d):
        return {}
    inputs = layer.weight[0].numel()
    of_weight = math.sqrt(3.0) * (nn.init.calculate_gain("leaky_relu", math.sqrt(5)) / math.sqrt(inputs))
    return {"weight": of_weight} if layer.bias is None else {"weight": of_weight, "bias": 1 / math.sqrt(inputs)}
