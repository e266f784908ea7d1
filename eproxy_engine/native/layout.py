"""Where everything that a plan reads and writes lies in memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from eproxy_engine.native.memory import Buffer, place
from eproxy_engine.native.operations import Convolution, Node, Pooling, Value
from eproxy_engine.native.plan import Plan, Step, reads_input_back

FLOAT = 4
LANES = 16
"""Most floats of a vector."""
POINTS, CHANNEL_TILES = 36, 256
"""Of Winograd's algorithm: the points of a tile, and tiles of channels that are treated at once (``winograd.h``)."""


@dataclass
class Layout:
    """Buffers of a plan. Steps are counted through: forward, the loss, backward."""

    plan: Plan
    images: int
    data: dict[Value, Buffer] = field(default_factory=dict)
    gradients: dict[Value, Buffer] = field(default_factory=dict)
    raw: dict[Node, Buffer] = field(default_factory=dict)
    """Outputs of convolutions before their normalisation."""
    saved: dict[Node, Buffer] = field(default_factory=dict)
    """Statistics of normalisations."""
    winners: dict[Node, Buffer] = field(default_factory=dict)
    """Which elements were the largest of each window."""
    work: dict[str, Buffer] = field(default_factory=dict)
    """Memory that operations use and leave, by its name in the workspace."""
    bytes: int = 0
    """Of all together."""

    @classmethod
    def of(cls, plan: Plan, images: int) -> Layout:
        """Lay out a plan."""
        layout = cls(plan, images)
        end = len(plan.forward) + len(plan.backward) + 1
        for number, step in enumerate(plan.forward):
            layout._forward(step, number)
        loss = len(plan.forward)
        for output in plan.graph.outputs:
            layout._value(layout.data, output, loss)
            layout._value(layout.gradients, output, loss)
        for number, step in enumerate(plan.backward, loss + 1):
            layout._backward(step, number)
        for value in plan.kept:
            layout._value(layout.gradients, value, end)
        for always in (0, end):  # images are written once for all iterations
            layout._value(layout.data, plan.graph.input, always)
        layout.work = {name: Buffer(size, 0, end) for name, size in layout._workspace().items()}
        layout.bytes = place(list(layout.buffers()))
        return layout

    def address(self, buffers: dict[Value, Buffer], value: Value, first: int = 0) -> int:
        """Return where channel ``first`` of a value lies, in bytes."""
        root, channel = self.plan.located(value, first)
        return buffers[root].offset + channel * root.pixels * self.images * FLOAT

    def buffers(self) -> Iterator[Buffer]:
        """Return all buffers."""
        for group in (self.data, self.gradients, self.raw, self.saved, self.winners, self.work):
            yield from group.values()

    def _size(self, value: Value) -> int:
        return value.channels * value.pixels * self.images * FLOAT

    def _value(self, buffers: dict[Value, Buffer], value: Value, step: int) -> None:
        root, _ = self.plan.located(value)
        buffers.setdefault(root, Buffer(self._size(root), step, step)).needed_at(step)

    def _forward(self, step: Step, number: int) -> None:
        node = step.node
        assert node is not None
        for value in (*node.inputs, node.output):
            self._value(self.data, value, number)
        if node.raw is not None:
            self.raw[node] = Buffer(self._size(node.raw), number, number)
        if node.raw is not None or node.kind == "normalisation":
            self.saved[node] = Buffer(2 * node.output.channels * FLOAT, number, number)
        if isinstance(node.settings, Pooling) and node.settings.largest:
            self.winners[node] = Buffer(self._size(node.output) // FLOAT, number, number)

    def _backward(self, step: Step, number: int) -> None:
        if step.node is None:
            assert step.cleared is not None
            self._value(self.gradients, step.cleared[0], number)
            return
        node = step.node
        self._value(self.gradients, node.output, number)
        if node.inputs[0] in self.plan.carrying:
            self._value(self.gradients, node.inputs[0], number)
        if reads_input_back(node):
            self._value(self.data, node.inputs[0], number)
        for kept in (self.raw, self.saved, self.winners):
            if node in kept:
                kept[node].needed_at(number)

    def _workspace(self) -> dict[str, int]:
        """Return the bytes that the largest operation needs of each kind of memory."""
        most = dict.fromkeys(("padded", "gradient", "packed", "values", "sums", "places"), FLOAT * LANES)

        def need(name: str, floats: int) -> None:
            most[name] = max(most[name], floats * FLOAT)

        for step in self.plan.forward:
            node = step.node
            assert node is not None
            need("sums", node.output.channels * self.images)
            need("gradient", node.output.channels * node.output.pixels * self.images)
            if isinstance(node.settings, Convolution):
                weights, (x,) = node.settings.weight.numel(), node.inputs
                rows, columns = (
                    size + 2 * pad for size, pad in zip((x.rows, x.columns), node.settings.padding, strict=True)
                )
                need("padded", x.channels * rows * columns * self.images)
                need("gradient", node.output.channels * _with_margins(node) * self.images)
                need("packed", weights)
                if _by_winograd(node):
                    self._need_for_winograd(node, need)
                need("places", weights // node.settings.weight.shape[0] * 2)  # a pointer is two floats long
        return most

    def _need_for_winograd(self, node: Node, need: Callable[[str, int], None]) -> None:
        settings, (x,) = node.settings, node.inputs
        assert isinstance(settings, Convolution)
        outputs, inputs = settings.weight.shape[0] // settings.groups, settings.weight.shape[1]
        inputs = -(-inputs // LANES) * LANES
        tiles = max(CHANNEL_TILES * LANES, (inputs + outputs) * self.images)  # at least one of each channel
        need("padded", inputs * (x.rows + 2) * (x.columns + 2) * self.images)
        need("packed", POINTS * inputs * outputs)
        need("values", max(9 * inputs * outputs, POINTS * (tiles + 2 * LANES)))


def _by_winograd(node: Node) -> bool:
    """Whether Winograd's algorithm may compute a convolution (``winograd.h``)."""
    settings = node.settings
    assert isinstance(settings, Convolution)
    return settings.weight.shape[2:] == (3, 3) and settings.stride == settings.padding == settings.dilation == (1, 1)


def _with_margins(node: Node) -> int:
    """Return a bound for the pixels of the output's gradient and what backward taps reach around it (``taps.h``)."""
    settings = node.settings
    assert isinstance(settings, Convolution)
    kernel = settings.weight.shape[2:]
    around = [spread * (wide - 1) for spread, wide in zip(settings.dilation, kernel, strict=True)]
    reached = [
        size + 2 * (more // step) + 3
        for size, more, step in zip((node.output.rows, node.output.columns), around, settings.stride, strict=True)
    ]
    return math.prod(reached)
