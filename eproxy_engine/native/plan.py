"""The order of operations of a network, forward and backward, and what each reads and writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from eproxy_engine.native.operations import Convolution, Graph, Node, Value

Channels = tuple[Value, int, int]
"""Some channels of a value that owns memory: the value, the first channel, their number."""


@dataclass(frozen=True)
class Step:
    """One operation of the plan."""

    node: Node | None
    """None to set ``cleared`` to zero."""
    back: bool = False
    """Whether it carries gradients from the node's output to its input and parameters."""
    adds: bool = False
    """Whether it adds to the gradient of the input; else it overwrites it."""
    cleared: Channels | None = None
    """Channels whose gradient becomes zero."""


@dataclass
class Plan:
    """All steps, and where values lie."""

    graph: Graph
    forward: list[Step] = field(default_factory=list)
    backward: list[Step] = field(default_factory=list)
    trained: list[Tensor] = field(default_factory=list)
    """Parameters that get gradients."""
    carrying: set[Value] = field(default_factory=set)
    """Values that depend on a trained parameter, and so have gradients."""
    places: dict[Value, tuple[Value, int]] = field(default_factory=dict)
    """Parts of other values: the value, and its channel at which they begin."""
    kept: list[Value] = field(default_factory=list)
    """Values whose gradients are there at the end."""

    @classmethod
    def of(cls, graph: Graph) -> Plan:
        """Plan a simplified graph, which may be changed."""
        plan = cls(graph)
        plan._place_parts()
        plan._find_trained()
        plan.forward = [Step(node) for node in graph.nodes]
        plan.backward = list(plan.back(graph.nodes, graph.outputs))
        return plan

    def located(self, value: Value, first: int = 0) -> tuple[Value, int]:
        """Return the value in whose memory a value lies, and its channel at which ``first`` of the value lies."""
        while value in self.places:
            value, channel = self.places[value]
            first += channel
        return value, first

    def channels(self, value: Value) -> Channels:
        """Return the channels in which a value lies."""
        return (*self.located(value), value.channels)

    def written(self, node: Node) -> Channels:
        """Return the channels that a node writes."""
        value, first = self.located(node.output, node.aside)
        return value, first, node.inputs[0].channels if node.kind == "copy" else node.output.channels

    def back(self, nodes: Sequence[Node], outputs: Iterable[Value], inputs: Iterable[Value] = ()) -> Iterator[Step]:
        """Return the steps from the gradients of ``outputs`` through ``nodes``, which end with those of ``inputs``."""
        written: dict[Value, int] = {}  # channels whose gradient is there, as bits
        for output in outputs:
            self._mark(written, self.channels(output))
        for node in reversed(nodes):
            if node.output not in self.carrying:
                continue
            yield from self._clear(written, self.written(node))
            adds = False
            if node.inputs and node.inputs[0] in self.carrying:
                read = self.channels(node.inputs[0])
                if adds := bool(written.get(read[0], 0) & _bits(read)):
                    yield from self._clear(written, read)
                self._mark(written, read)
            if any(value in self.carrying for value in node.inputs) or is_trained(node):
                yield Step(node, back=True, adds=adds)
        for value in inputs:
            yield from self._clear(written, self.channels(value))

    def _place_parts(self) -> None:
        """Lay the terms of concatenations next to each other, and slices into what they are cut from."""
        kept: list[Node] = []
        for node in self.graph.nodes:
            if node.kind == "slice":
                self.places[node.output] = node.inputs[0], node.offset[0]
            elif node.kind == "concatenation":
                kept += self._concatenated(node)
            else:
                kept.append(node)
        self.graph.nodes = kept

    def _concatenated(self, node: Node) -> Iterator[Node]:
        first = 0
        for part in node.inputs:
            if part in self.places or part is self.graph.input:
                yield Node("copy", [part], node.output, aside=first)
            else:
                self.places[part] = node.output, first
            first += part.channels

    def _find_trained(self) -> None:
        roots = set[Value]()  # the parts of one are told apart by none: a gradient too many changes nothing
        for node in self.graph.nodes:
            self.trained += [tensor for tensor in node.tensors() if tensor.requires_grad]
            if is_trained(node) or any(self.located(value)[0] in roots for value in node.inputs):
                self.carrying.add(node.output)
                roots.add(self.located(node.output)[0])
        self.carrying |= {value for value in self._values() if self.located(value)[0] in roots}

    def _values(self) -> Iterable[Value]:
        for node in self.graph.nodes:
            yield from (*node.inputs, node.output)

    def _mark(self, written: dict[Value, int], channels: Channels) -> None:
        written[channels[0]] = written.get(channels[0], 0) | _bits(channels)

    def _clear(self, written: dict[Value, int], channels: Channels) -> Iterator[Step]:
        """Set to zero what was not written of a gradient that is read or added to."""
        value = channels[0]
        missing = _bits(channels) & ~written.get(value, 0)
        while missing:
            first = (missing & -missing).bit_length() - 1
            beyond = (missing >> first) + 1  # its lowest bit is the first that is not missing
            count = (beyond & -beyond).bit_length() - 1
            yield Step(None, back=True, cleared=(value, first, count))
            missing &= ~_bits((value, first, count))
        self._mark(written, channels)


def is_trained(node: Node) -> bool:
    """Whether a node has parameters that are trained."""
    return any(tensor.requires_grad for tensor in node.tensors())


def _bits(channels: Channels) -> int:
    _, first, count = channels
    return ((1 << count) - 1) << first


def overlap(one: Channels, other: Channels) -> bool:
    """Whether two lie in the same memory."""
    return one[0] is other[0] and bool(_bits(one) & _bits(other))


def reads_input_back(node: Node) -> bool:
    """Whether the gradients of a node depend on its input (beside what it saves of it)."""
    if isinstance(node.settings, Convolution):
        return node.settings.weight.requires_grad or node.rectified_input
    return node.kind in ("normalisation", "rectifier")
