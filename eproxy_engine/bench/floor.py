"""Lower bound for the time of an evaluation: its operations at the machine's best speed.

The *floor* is the time that its convolutions and matrix products would take, forward and backward, at the speed of a
large matrix product on the whole machine. The *traffic* is the time of a large copy of as many bytes as all operations
read and write. Traffic is no lower bound, because much of it stays in caches; where it exceeds the floor, operations
with little arithmetic (normalisation, rectifiers, pooling, sums) take most of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eproxy_engine.proxy import Evaluation
from eproxy_engine.proxy.configuration import configuration_of
from eproxy_engine.runs.executors import cores

if TYPE_CHECKING:
    from torch import Tensor

MATRIX = {"cpu": 2048, "cuda": 8192}
"""Rows and columns of the product's float32 matrices."""
COPIED_BYTES = {"cpu": 2**28, "cuda": 2**31}
TRIES = 5
"""Number of measurements, of which the best counts, because others use the machine, too."""


@dataclass(frozen=True)
class Ceilings:
    """Best speed of the whole machine."""

    flops: float
    """Floating-point operations per second of a large matrix product."""
    bytes: float
    """Bytes per second that a large copy reads and writes."""


@dataclass(frozen=True)
class Work:
    """Operations and memory traffic of a computation."""

    flops: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: Work) -> Work:
        return Work(self.flops + other.flops, self.bytes + other.bytes)

    def times(self, factor: float) -> Work:
        """Multiply the work by ``factor``."""
        return Work(self.flops * factor, self.bytes * factor)

    def floor(self, ceilings: Ceilings) -> float:
        """Return the seconds of the arithmetic."""
        return self.flops / ceilings.flops

    def traffic(self, ceilings: Ceilings) -> float:
        """Return the seconds of reading and writing without caches."""
        return self.bytes / ceilings.bytes


def ceilings(device: str) -> Ceilings:
    """Measure the machine's best speed. ``device``: cpu or cuda."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(cores())
    side, count = MATRIX[device], COPIED_BYTES[device] // 4
    left, right, product = (torch.rand(side, side, device=device) for _ in range(3))
    source, goal = (torch.rand(count, device=device) for _ in range(2))
    try:
        multiplied = _quickest(lambda: torch.mm(left, right, out=product), device)
        copied = _quickest(lambda: goal.copy_(source), device)
    finally:
        torch.set_num_threads(threads)
    return Ceilings(2.0 * side**3 / multiplied, 2.0 * COPIED_BYTES[device] / copied)


def flops_a_second_of_one_core() -> float:
    """Measure the floating-point operations of a large matrix product per second of processor time of one core."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    side = MATRIX["cpu"]
    left, right, product = (torch.rand(side, side) for _ in range(3))
    try:
        multiplied = _quickest(lambda: torch.mm(left, right, out=product), "cpu", time.process_time)
    finally:
        torch.set_num_threads(threads)
    return 2.0 * side**3 / multiplied


def work_of(evaluation: Evaluation) -> Work:
    """Count the work of an evaluation on one iteration, run on the CPU like the plain loop."""
    from eproxy_engine.proxy.arithmetic import AS_WRITTEN, carried_out
    from eproxy_engine.proxy.training import Training

    configuration = configuration_of(evaluation)
    training = Training.of(evaluation, "cpu", AS_WRITTEN)
    losses: list[Tensor] = []
    with carried_out(AS_WRITTEN):
        forward = _counted(lambda: losses.extend(training.losses()))
        backward = _counted(lambda: training.update(losses))
    return forward.times(configuration.iterations) + backward.times(configuration.iterations - 1)


def _counted(carry_out: Callable[[], Any]) -> Work:
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_leaves
    from torch.utils.flop_counter import FlopCounterMode

    class Traffic(TorchDispatchMode):
        total = 0

        def __torch_dispatch__(self, operation: Any, types: Any, given: Any = (), keywords: Any = None) -> Any:
            result = operation(*given, **(keywords or {}))
            if not operation.is_view:
                self.total += sum(map(_bytes_of, tree_leaves((given, keywords, result))))
            return result

    with FlopCounterMode(display=False) as counter, Traffic() as traffic:
        carry_out()
    return Work(counter.get_total_flops(), traffic.total)


def _bytes_of(value: Any) -> int:
    import torch

    return value.numel() * value.element_size() if isinstance(value, torch.Tensor) else 0


def _quickest(carry_out: Callable[[], Any], device: str, clock: Callable[[], float] | None = None) -> float:
    """Return the seconds of the fastest run. ``clock``: wall time by default."""
    import torch

    now = clock or time.perf_counter
    seconds = []
    for _ in range(TRIES + 1):
        started = now()
        carry_out()
        if device == "cuda":
            torch.cuda.synchronize()
        seconds.append(now() - started)
    return min(seconds[1:])
