"""Symbols that stand for tensors during tracing: they know shapes alone, and write down what happens to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import torch
from torch import Tensor

from eproxy_engine.native.operations import Kind, Node, Pair, Untraceable, Value

A = TypeVar("A", bound=Callable[..., "Symbol"])

ANSWERS: dict[Any, Callable[..., Symbol]] = {}
"""How symbols answer functions of torch: see :func:`answers`."""


def answers(*functions: Any) -> Callable[[A], A]:
    """Return a decorator that lets a function answer these functions of torch when they are called with symbols."""

    def register(answer: A) -> A:
        ANSWERS.update(dict.fromkeys(functions, answer))
        return answer

    return register


class Tracer:
    """What was written down so far."""

    def __init__(self, known: set[int], images: int) -> None:
        """``known``: identities of the network's parameters and buffers."""
        self.nodes: list[Node] = []
        self._known, self._seen, self._images = known, set[int](), images

    def symbol(self, shape: Sequence[int]) -> Symbol:
        if len(shape) != 4 or shape[0] != self._images or min(shape) < 1:
            raise Untraceable(f"makes a tensor of shape {tuple(shape)}")
        return Symbol(self, Value(*shape[1:]), tuple(shape))

    def node(self, kind: Kind, inputs: Sequence[Symbol], shape: Sequence[int], **given: Any) -> Symbol:
        output = self.symbol(shape)
        node = Node(kind, [one.value for one in inputs], output.value, **given)
        for tensor in node.tensors():
            self._check(tensor)
        self.nodes.append(node)
        return output

    def _check(self, tensor: Tensor) -> None:
        if id(tensor) not in self._known:
            raise Untraceable("computes weights from others")
        if id(tensor) in self._seen:
            raise Untraceable("uses a layer twice")
        if tensor.dtype != torch.float32 or tensor.device.type != "cpu" or not tensor.is_contiguous():
            raise Untraceable(f"has weights of another kind: {tensor.dtype} on {tensor.device}")
        self._seen.add(id(tensor))


class Symbol:
    """Stands for a tensor ``[b, c, h, w]`` during tracing."""

    ndim, dtype, device = 4, torch.float32, torch.device("cpu")

    def __init__(self, tracer: Tracer, value: Value, shape: tuple[int, ...]) -> None:
        self.tracer, self.value, self.shape = tracer, value, shape
        self.viewed = False
        """Whether another symbol shares its memory, which in-place operations would change, too."""

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, given: tuple[Any, ...] = (), keywords: dict[str, Any] | None = None
    ) -> Symbol:
        answer = ANSWERS.get(function)
        if answer is None:
            raise Untraceable(f"calls {getattr(function, '__name__', function)}")
        return answer(*given, **(keywords or {}))

    def __getattr__(self, name: str) -> NoReturn:
        raise Untraceable(f"uses tensor.{name}")

    def __add__(self, other: Any) -> Symbol:
        if not isinstance(other, Symbol) or other.shape != self.shape:
            raise Untraceable("adds something else than a tensor of the same shape")
        return self.tracer.node("sum", [self, other], self.shape)

    __radd__ = __add__

    def __iadd__(self, other: Any) -> Symbol:
        return self.overwritten(self + other)

    def __getitem__(self, index: Any) -> Symbol:
        """Cut channels, or cut rows and columns at their beginning, or take every so many of them."""
        parts = index if isinstance(index, tuple) else (index,)
        if not all(isinstance(part, slice) for part in parts) or len(parts) > 4 or parts[0] != slice(None):
            raise Untraceable("takes elements of a tensor")
        found = self
        if len(parts) > 1:
            found = found._channels(parts[1])
        return found._pixels([*parts[2:], slice(None), slice(None)][:2])

    def _channels(self, part: slice) -> Symbol:
        first, end, step = part.indices(self.shape[1])
        if step != 1:
            raise Untraceable("takes every so many channels")
        if (first, end) == (0, self.shape[1]):
            return self
        cut = self.tracer.node("slice", [self], (self.shape[0], end - first, *self.shape[2:]), offset=(first, 0))
        self.viewed = cut.viewed = True
        return cut

    def _pixels(self, parts: Sequence[slice]) -> Symbol:
        taken = [range(size)[part] for part, size in zip(parts, self.shape[2:], strict=True)]
        (top, left), (rows, columns) = ([each.start for each in taken], [len(each) for each in taken])
        return window(self, (top, left), (rows, columns), (taken[0].step, taken[1].step))

    def dim(self) -> int:
        """As of a tensor."""
        return 4

    def size(self, axis: int | None = None) -> Any:
        """As of a tensor."""
        return self.shape if axis is None else self.shape[axis]

    def to(self, dtype: Any) -> Symbol:
        """As of a tensor."""
        if dtype != self.dtype:
            raise Untraceable(f"converts a tensor to {dtype}")
        return self

    def new_zeros(self, *shape: Any) -> Symbol:
        """As of a tensor."""
        return self.tracer.node("zeros", [], shape[0] if len(shape) == 1 else shape)

    def overwritten(self, by: Symbol) -> Symbol:
        """Let this symbol stand for what an in-place operation made of its tensor."""
        if self.viewed:
            raise Untraceable("changes a tensor in place that shares its memory")
        self.value = by.value
        return self


def window(x: Symbol, offset: Pair, grid: Pair, step: Pair = (1, 1)) -> Symbol:
    """Return every so many pixels of ``x`` from that row and column on, zero where there is nothing."""
    if (offset, grid) == ((0, 0), tuple(x.shape[2:])):
        return x
    return x.tracer.node("window", [x], (*x.shape[:2], *grid), offset=offset, step=step)
