"""What a traced network consists of: values, and nodes that make them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

Kind = Literal[
    "convolution",
    "normalisation",
    "rectifier",
    "pooling",
    "resizing",
    "window",
    "sum",
    "concatenation",
    "slice",
    "zeros",
    "copy",
]
Pair = tuple[int, int]


class Untraceable(Exception):
    """The network does something that the kernels cannot; the message says what."""


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor ``[channels, rows, columns, images]``; each is equal to itself alone."""

    channels: int
    rows: int
    columns: int

    @property
    def pixels(self) -> int:
        """Number of pixels of a channel."""
        return self.rows * self.columns


@dataclass(frozen=True)
class Convolution:
    """Settings of a convolution, by row and column."""

    weight: Tensor
    bias: Tensor | None
    stride: Pair
    padding: Pair
    dilation: Pair
    groups: int

    @property
    def depthwise(self) -> bool:
        """Whether each channel is convolved for itself."""
        return self.groups > 1 and self.weight.shape[:2] == (self.groups, 1)


@dataclass(frozen=True)
class Normalisation:
    """Settings of a batch normalisation."""

    gamma: Tensor
    beta: Tensor
    epsilon: float


@dataclass(frozen=True)
class Pooling:
    """Settings of a pooling, by row and column."""

    largest: bool
    """Whether the maximum is taken, not the mean; neither sees the padding."""
    kernel: Pair
    stride: Pair
    padding: Pair


@dataclass(eq=False)
class Node:
    """One operation. The passes of :mod:`eproxy_engine.native.simplify` change it in place."""

    kind: Kind
    inputs: list[Value]
    output: Value
    settings: Convolution | Normalisation | Pooling | None = None
    offset: Pair = (0, 0)
    """Of a window: its first row and column in the input. Of a slice: its first channel, and 0."""
    step: Pair = (1, 1)
    """Of a window: how far its rows and columns lie apart in the input."""
    bilinear: bool = False
    """Of a resizing: whether it interpolates; else it takes the nearest pixel."""
    rectified_input: bool = False
    rectified_output: bool = False
    normalisation: Normalisation | None = None
    """Of a convolution: what follows it."""
    raw: Value | None = None
    """Of a convolution with a normalisation: its own output."""
    adds: bool = False
    """Whether the result is added to the output instead of written."""
    aside: int = 0
    """Of a copy: the first channel of the output that it writes."""

    def tensors(self) -> Iterable[Tensor]:
        """Return weights, biases and the like."""
        settings = self.settings
        if isinstance(settings, Convolution):
            yield settings.weight
            if settings.bias is not None:
                yield settings.bias
        for norm in (settings, self.normalisation):
            if isinstance(norm, Normalisation):
                yield from (norm.gamma, norm.beta)


@dataclass
class Graph:
    """A traced network."""

    input: Value
    nodes: list[Node]
    outputs: list[Value]

    def uses(self) -> dict[Value, list[Node | None]]:
        """Return the nodes that read each value, once for each time; None stands for an output of the network."""
        found: dict[Value, list[Node | None]] = {}
        for node in self.nodes:
            for value in node.inputs:
                found.setdefault(value, []).append(node)
        for value in self.outputs:
            found.setdefault(value, []).append(None)
        return found

    def makers(self) -> dict[Value, Node]:
        """Return the node that makes each value."""
        return {node.output: node for node in self.nodes}
