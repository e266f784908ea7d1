"""A network as a compiled program that trains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import CDLL, byref, sizeof

import numpy as np
import torch
from torch import Tensor, nn

from eproxy_engine.native.descent import KernelDescent
from eproxy_engine.native.layout import FLOAT, Layout
from eproxy_engine.native.library import Operation, Workspace
from eproxy_engine.native.memory import Buffer, borrowed
from eproxy_engine.native.operations import Untraceable, Value
from eproxy_engine.native.plan import Plan
from eproxy_engine.native.records import records
from eproxy_engine.native.simplify import simplified
from eproxy_engine.native.trace import trace

IMAGES = 16
"""The number of images is a multiple of it."""


def compiled(network: nn.Module, shape: tuple[int, int, int, int]) -> Layout:
    """Trace a network and lay it out in memory.

    Args:
        network: Network in training mode that maps images to a list of tensors ``[b, c, h, w]``.
        shape: Shape of the images, ``[b, 3, h, w]``.

    Raises:
        Untraceable: If the kernels cannot compute it.
    """
    return Layout.of(planned(network, shape), shape[0])


def planned(network: nn.Module, shape: tuple[int, int, int, int], separate_outputs: bool = True) -> Plan:
    """Trace a network and plan its operations, as for :func:`compiled`. Raises Untraceable.

    ``separate_outputs``: as for :func:`eproxy_engine.native.simplify.simplified`.
    """
    if shape[0] % IMAGES:
        raise Untraceable(f"{shape[0]} images are no multiple of {IMAGES}")
    return Plan.of(simplified(trace(network, shape), separate_outputs))


@contextmanager
def running(layout: Layout, x: Tensor, kernels: CDLL) -> Iterator[Program]:
    """Give a program memory, which only one thread may use, and the images ``x`` ``[b, 3, h, w]``."""
    with borrowed(layout.bytes) as memory:
        yield Program(layout, memory, x, kernels)


class Program:
    """A network in memory. It changes the parameters of the network that was traced."""

    def __init__(self, layout: Layout, memory: np.ndarray, x: Tensor, kernels: CDLL) -> None:
        self._layout, self.memory, self._kernels = layout, memory, kernels
        self._start = memory.ctypes.data
        self.parameters = layout.plan.trained
        sizes = [parameter.numel() for parameter in self.parameters]
        self._gradients = torch.empty(sum(sizes)).split(sizes)
        of_parameter = {id(p): g.data_ptr() for p, g in zip(self.parameters, self._gradients, strict=True)}
        self._forward, self._backward = records(layout, self._start, of_parameter)
        work = {name: self._start + buffer.offset for name, buffer in layout.work.items()}
        self._workspace = Workspace(**work, images=layout.images)
        self.set_images(x)

    def set_images(self, x: Tensor) -> None:
        """Set the input, ``[b, 3, h, w]``."""
        self._view(self._layout.data, self._layout.plan.graph.input).copy_(x.permute(1, 2, 3, 0))

    def outputs(self) -> list[Tensor]:
        """Return views of the outputs, ``[c, h, w, b]``."""
        return [self._view(self._layout.data, output) for output in self._layout.plan.graph.outputs]

    def output_gradients(self) -> list[Tensor]:
        """Return views of the gradients of the outputs, ``[c, h, w, b]``, from which :meth:`backward` starts."""
        return self.gradients_at(self._layout.plan.graph.outputs)

    def gradients_at(self, values: Iterable[Value]) -> list[Tensor]:
        """Return views of the gradients of values, ``[c, h, w, b]``."""
        return [self._view(self._layout.gradients, value) for value in values]

    def gradients(self) -> list[Tensor]:
        """Return the gradients of :attr:`parameters`, as :meth:`backward` left them."""
        return [g.view_as(p) for g, p in zip(self._gradients, self.parameters, strict=True)]

    def forward(self) -> None:
        """Compute the outputs."""
        self._kernels.eproxy_run(self._forward, len(self._forward), byref(self._workspace))

    def backward(self) -> None:
        """Compute the gradients of the parameters from those of the outputs, once for each :meth:`forward`."""
        self._kernels.eproxy_run(self._backward, len(self._backward), byref(self._workspace))

    def carry_back(self, steps: range) -> None:
        """Carry out some of the steps of :meth:`backward` alone."""
        first = byref(self._backward, steps.start * sizeof(Operation))
        self._kernels.eproxy_run(first, len(steps), byref(self._workspace))

    def losses(self, targets: Sequence[Tensor]) -> list[float]:
        """Return the mean squared error of each output, and prepare the gradients of their sum.

        Targets: contiguous, ``[c, h, w, b]``.
        """
        return [
            self._kernels.eproxy_loss(y.data_ptr(), target.data_ptr(), gradient.data_ptr(), target.numel())
            for y, target, gradient in zip(self.outputs(), targets, self.output_gradients(), strict=True)
        ]

    def descent(self, learning_rate: float, momentum: float, weight_decay: float) -> KernelDescent:
        """Return a descent of the parameters by :meth:`gradients`."""
        return KernelDescent(self.parameters, self._gradients, learning_rate, momentum, weight_decay, self._kernels)

    def _view(self, buffers: dict[Value, Buffer], value: Value) -> Tensor:
        shape = value.channels, value.rows, value.columns, self._layout.images
        start = self._layout.address(buffers, value)
        floats = self.memory[start : start + math.prod(shape) * FLOAT].view(np.float32)
        return torch.from_numpy(floats).view(shape)
