"""Processor time of an evaluation: a plain loop, torch the fast way, and compiled kernels, one after the other.

All train the same evaluations in one process with one thread, and take turns after every architecture. Processor time
counts, not wall time, so that other processes on the machine disturb little. What comes first is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from eproxy_engine import benchmarks
from eproxy_engine.bench.evaluations import IMAGES, SEED, plain_arithmetic
from eproxy_engine.bench.floor import Work, flops_a_second_of_one_core, work_of
from eproxy_engine.errors import UserError
from eproxy_engine.native import library
from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.proxy.evaluation import NATIVE
from eproxy_engine.sampling import Sample


@dataclass(frozen=True)
class ProcessorTime:
    """Processor seconds per architecture in one search space, medians over rounds."""

    space: str
    architectures: int
    rounds: int
    variant: str
    """Variant of the kernels."""
    plain_seconds: float
    torch_seconds: float
    native_seconds: float
    native_over_plain: float
    """Evaluations by kernels in the time of one of the plain loop: median of the rounds' ratios."""
    native_over_torch: float
    torch_over_plain: float
    floor_seconds: float
    """Seconds for the operations of convolutions and matrix products at the best speed of one core."""
    achieved: float
    """The floor over ``native_seconds``."""
    by_torch: int
    """Architectures that the kernels cannot compute; their native evaluations are torch's."""


def processor_time(space: str, configurations: Sequence[Configuration], rounds: int) -> Iterator[str | ProcessorTime]:
    """Measure one search space.

    Args:
        space: Name of the search space.
        configurations: Configurations, each evaluated with one architecture, the same in every round.
        rounds: Number of rounds.

    Yields:
        Lines of progress, then the result.

    Raises:
        UserError: If there are no kernels.
    """
    if reason := library.missing():
        raise UserError(f"no kernels to measure: {reason}")
    size, task = len(configurations), benchmarks.task(space).name
    architectures = Sample.default(space, task, size).draw(space, task)["architecture"]
    evaluations = [
        Evaluation.of(space, architecture, configuration, IMAGES, SEED)
        for architecture, configuration in zip(architectures, configurations, strict=True)
    ]
    for way in _WAYS.values():
        way(evaluations[0])
    took: list[dict[str, float]] = []
    by_torch = 0
    for number in range(1, rounds + 1):
        took.append(dict.fromkeys(_WAYS, 0.0))
        by_torch = 0
        for evaluation in evaluations:
            for name, way in _WAYS.items():
                started = time.process_time()
                outcome = way(evaluation)
                took[-1][name] += (time.process_time() - started) / size
            by_torch += outcome.note is not None
        yield f"{space}, round {number}: " + ", ".join(f"{name} {each:.3f} s" for name, each in took[-1].items())
    floor = sum(map(work_of, evaluations), start=Work()).flops / size / flops_a_second_of_one_core()
    median = {name: statistics.median(each[name] for each in took) for name in _WAYS}

    def ratio(slow: str, quick: str) -> float:
        return statistics.median(each[slow] / each[quick] for each in took)

    yield ProcessorTime(
        space=space,
        architectures=size,
        rounds=rounds,
        variant=library.variants()[0],
        plain_seconds=median["plain"],
        torch_seconds=median["torch"],
        native_seconds=median["native"],
        native_over_plain=ratio("plain", "native"),
        native_over_torch=ratio("torch", "native"),
        torch_over_plain=ratio("plain", "torch"),
        floor_seconds=floor,
        achieved=floor / median["native"],
        by_torch=by_torch,
    )


def _plain(evaluation: Evaluation) -> Outcome:
    from eproxy_engine.proxy.training import evaluate

    return evaluate(evaluation, "cpu", plain_arithmetic(threads=1))


def _torch(evaluation: Evaluation) -> Outcome:
    from eproxy_engine.proxy.training import evaluate

    return evaluate(evaluation, "cpu")


def _native(evaluation: Evaluation) -> Outcome:
    return _torch(replace(evaluation, arithmetic=NATIVE))


_WAYS: dict[str, Callable[[Evaluation], Outcome]] = {"plain": _plain, "torch": _torch, "native": _native}
