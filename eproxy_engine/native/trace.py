"""Tracing: a network's own Python code, run on symbols that know shapes alone, writes down its operations.

A symbol stands for a tensor ``[b, c, h, w]`` and answers the functions of torch that networks call
(``__torch_function__``). Whatever it does not know, it refuses, and the network is trained by torch instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch
from torch import Tensor, nn
from torch.nn import functional

from eproxy_engine.native.operations import (
    Convolution,
    Graph,
    Kind,
    Node,
    Normalisation,
    Pair,
    Pooling,
    Untraceable,
    Value,
)

MOST_TAPS = 64
"""Elements of a kernel; ``kernels/taps.h`` has the same."""


def trace(network: nn.Module, shape: tuple[int, int, int, int]) -> Graph:
    """Write down the operations of a network.

    Args:
        network: Network in training mode that returns tensors ``[b, c, h, w]``.
        shape: Shape of the images, ``[b, 3, h, w]``.

    Raises:
        Untraceable: If the network does something that the kernels cannot.
    """
    tracer = _Tracer({id(tensor) for tensor in (*network.parameters(), *network.buffers())}, shape[0])
    images = tracer.symbol(shape)
    drawn = torch.random.default_generator.get_state()
    try:
        outputs = list(network(images))
    except Untraceable:
        raise
    except Exception as error:  # whatever the code of a plug-in does with a symbol
        raise Untraceable(f"{type(error).__name__}: {error}") from error
    if not torch.equal(drawn, torch.random.default_generator.get_state()):
        raise Untraceable("draws random numbers")
    if not all(isinstance(output, Symbol) for output in outputs):
        raise Untraceable("returns something else than tensors")
    return Graph(images.value, tracer.nodes, [output.value for output in outputs])


class _Tracer:
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

    def __init__(self, tracer: _Tracer, value: Value, shape: tuple[int, ...]) -> None:
        self.tracer, self.value, self.shape = tracer, value, shape
        self.viewed = False
        """Whether another symbol shares its memory, which in-place operations would change, too."""

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, given: tuple[Any, ...] = (), keywords: dict[str, Any] | None = None
    ) -> Symbol:
        answer = _ANSWERS.get(function)
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
        return _window(self, (top, left), (rows, columns), (taken[0].step, taken[1].step))

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


def _pair(given: Any) -> Pair:
    if isinstance(given, str):
        raise Untraceable(f"pads {given!r}")
    down, right = given if isinstance(given, (tuple, list)) else (given, given)
    return int(down), int(right)


def _grid(x: Symbol, kernel: Sequence[int], stride: Pair, padding: Pair, dilation: Pair) -> list[int]:
    return [
        (size + 2 * pad - spread * (wide - 1) - 1) // step + 1
        for size, wide, step, pad, spread in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)
    ]


def _convolution(
    x: Symbol, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Symbol:
    settings = Convolution(weight, bias, _pair(stride), _pair(padding), _pair(dilation), groups)
    if weight.shape[2:].numel() > MOST_TAPS:
        raise Untraceable(f"convolves with a kernel of {tuple(weight.shape[2:])}")
    grid = _grid(x, weight.shape[2:], settings.stride, settings.padding, settings.dilation)
    return x.tracer.node("convolution", [x], (x.shape[0], weight.shape[0], *grid), settings=settings)


def _normalisation(
    x: Symbol,
    running_mean: Any,
    running_variance: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: Any = None,
    eps: float = 1e-5,
) -> Symbol:
    if not training or weight is None or bias is None:
        raise Untraceable("normalises without the statistics of the batch, or without weights")
    return x.tracer.node("normalisation", [x], x.shape, settings=Normalisation(weight, bias, eps))


def _rectifier(x: Symbol, inplace: bool = False) -> Symbol:
    found = x.tracer.node("rectifier", [x], x.shape)
    return x.overwritten(found) if inplace else found


def _pooled(x: Symbol, largest: bool, kernel: Any, stride: Any, padding: Any) -> Symbol:
    settings = Pooling(largest, _pair(kernel), _pair(kernel if stride is None else stride), _pair(padding))
    grid = _grid(x, settings.kernel, settings.stride, settings.padding, (1, 1))
    if settings.kernel[0] * settings.kernel[1] > 256:  # the largest element's number is a byte
        raise Untraceable(f"pools {settings.kernel} pixels")
    return x.tracer.node("pooling", [x], (*x.shape[:2], *grid), settings=settings)


def _max_pooling(
    x: Symbol,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Symbol:
    if _pair(dilation) != (1, 1) or ceil_mode or return_indices:
        raise Untraceable("pools with dilation, rounded up or with indices")
    return _pooled(x, True, kernel_size, stride, padding)


def _mean_pooling(
    x: Symbol,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: Any = None,
) -> Symbol:
    if ceil_mode or divisor_override is not None or (count_include_pad and _pair(padding) != (0, 0)):
        raise Untraceable("takes means that count the padding, rounded up or with another divisor")
    return _pooled(x, False, kernel_size, stride, padding)


def _concatenated(tensors: Sequence[Symbol], dim: int = 0) -> Symbol:
    if dim not in (1, -3) or not all(isinstance(each, Symbol) for each in tensors):
        raise Untraceable("concatenates along another axis than the channels")
    first = tensors[0]
    shape = (first.shape[0], sum(each.shape[1] for each in tensors), *first.shape[2:])
    return first.tracer.node("concatenation", list(tensors), shape)


def _padded(x: Symbol, pad: Sequence[int], mode: str = "constant", value: Any = None) -> Symbol:
    if mode != "constant" or value or len(pad) > 4:
        raise Untraceable("pads with something else than zeros")
    left, right, top, bottom = (*pad, 0, 0, 0, 0)[:4]
    rows, columns = x.shape[2:]
    return _window(x, (-top, -left), (rows + top + bottom, columns + left + right))


def _window(x: Symbol, offset: Pair, grid: Pair, step: Pair = (1, 1)) -> Symbol:
    """Return every so many pixels of ``x`` from that row and column on, zero where there is nothing."""
    if (offset, grid) == ((0, 0), tuple(x.shape[2:])):
        return x
    return x.tracer.node("window", [x], (*x.shape[:2], *grid), offset=offset, step=step)


def _resized(
    x: Symbol,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Symbol:
    if size is None or mode not in ("nearest", "bilinear") or align_corners or antialias:
        raise Untraceable(f"resizes by a factor or with mode {mode!r}")
    return x.tracer.node("resizing", [x], (*x.shape[:2], *_pair(size)), bilinear=mode == "bilinear")


def _zeros(x: Symbol, **keywords: Any) -> Symbol:
    return x.new_zeros(x.shape)


def _added(x: Any, other: Any, *, alpha: float = 1) -> Symbol:
    if alpha != 1:
        raise Untraceable("adds a multiple of a tensor")
    return x + other


_ANSWERS: dict[Any, Callable[..., Symbol]] = {
    torch.conv2d: _convolution,
    functional.batch_norm: _normalisation,
    functional.relu: _rectifier,
    torch.relu: _rectifier,
    functional.max_pool2d: _max_pooling,
    torch.max_pool2d: _max_pooling,
    functional.avg_pool2d: _mean_pooling,
    torch.cat: _concatenated,
    functional.pad: _padded,
    functional.interpolate: _resized,
    torch.zeros_like: _zeros,
    torch.add: _added,
}
