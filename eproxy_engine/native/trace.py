"""Tracing: a network's own Python code, run on symbols that know shapes alone, writes down its operations.

A symbol answers the functions of torch that networks call, in this module. Whatever it does not know, it refuses, and
the network is trained by torch instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from eproxy_engine.native.operations import Convolution, Graph, Normalisation, Pair, Pooling, Untraceable
from eproxy_engine.native.symbols import Symbol, Tracer, answers, window

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
    tracer = Tracer({id(tensor) for module in network.modules() for tensor in _own_tensors(module)}, shape[0])
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


def _own_tensors(module: nn.Module) -> Iterator[Tensor | None]:
    """Return a module's parameters and buffers; asking for those of a network takes several times as long."""
    yield from module._parameters.values()
    yield from module._buffers.values()


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


@answers(torch.conv2d)
def _convolution(
    x: Symbol,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Symbol:
    settings = Convolution(weight, bias, _pair(stride), _pair(padding), _pair(dilation), groups)
    if weight.shape[2:].numel() > MOST_TAPS:
        raise Untraceable(f"convolves with a kernel of {tuple(weight.shape[2:])}")
    grid = _grid(x, weight.shape[2:], settings.stride, settings.padding, settings.dilation)
    return x.tracer.node("convolution", [x], (x.shape[0], weight.shape[0], *grid), settings=settings)


@answers(functional.batch_norm)
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


@answers(functional.relu, torch.relu)
def _rectifier(x: Symbol, inplace: bool = False) -> Symbol:
    found = x.tracer.node("rectifier", [x], x.shape)
    return x.overwritten(found) if inplace else found


def _pooled(x: Symbol, largest: bool, kernel: Any, stride: Any, padding: Any) -> Symbol:
    settings = Pooling(largest, _pair(kernel), _pair(kernel if stride is None else stride), _pair(padding))
    grid = _grid(x, settings.kernel, settings.stride, settings.padding, (1, 1))
    if settings.kernel[0] * settings.kernel[1] > 256:  # the largest element's number is a byte
        raise Untraceable(f"pools {settings.kernel} pixels")
    return x.tracer.node("pooling", [x], (*x.shape[:2], *grid), settings=settings)


@answers(functional.max_pool2d, torch.max_pool2d)
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


@answers(functional.avg_pool2d)
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


@answers(torch.cat)
def _concatenated(tensors: Sequence[Symbol], dim: int = 0) -> Symbol:
    if dim not in (1, -3) or not all(isinstance(each, Symbol) for each in tensors):
        raise Untraceable("concatenates along another axis than the channels")
    first = tensors[0]
    shape = (first.shape[0], sum(each.shape[1] for each in tensors), *first.shape[2:])
    return first.tracer.node("concatenation", list(tensors), shape)


@answers(functional.pad)
def _padded(x: Symbol, pad: Sequence[int], mode: str = "constant", value: Any = None) -> Symbol:
    if mode != "constant" or value or len(pad) > 4:
        raise Untraceable("pads with something else than zeros")
    left, right, top, bottom = (*pad, 0, 0, 0, 0)[:4]
    rows, columns = x.shape[2:]
    return window(x, (-top, -left), (rows + top + bottom, columns + left + right))


@answers(functional.interpolate)
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


@answers(torch.zeros_like)
def _zeros(x: Symbol, **keywords: Any) -> Symbol:
    return x.new_zeros(x.shape)


@answers(torch.add)
def _added(x: Any, other: Any, *, alpha: float = 1) -> Symbol:
    if alpha != 1:
        raise Untraceable("adds a multiple of a tensor")
    return x + other
