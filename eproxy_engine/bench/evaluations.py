"""Speed of evaluations: this engine against a plain loop, measured side by side in one run.

The plain loop is the obvious implementation: one process, all threads, the default (NCHW) layout, denormal numbers
kept, the default optimiser, every update of the paper's listing. Both train the same evaluations. Rounds alternate,
and the result is the median of the rounds' ratios, because machines are noisy.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eproxy_engine import benchmarks, spaces
from eproxy_engine.bench.floor import Work, ceilings, work_of
from eproxy_engine.bench.published import A6000_MEGABYTES, A6000_SECONDS
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs.arithmetic import why_torch
from eproxy_engine.runs.executors import cores, make
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces.interface import CIFAR_SIZE

if TYPE_CHECKING:
    from eproxy_engine.proxy.arithmetic import Arithmetic

IMAGES, SEED = "bundled", 1


@dataclass(frozen=True)
class Speed:
    """Speed of evaluations in one search space."""

    space: str
    device: str
    arithmetic: str
    """Who computes the engine's trainings: ``torch`` or ``native``."""
    architectures: int
    rounds: int
    plain_seconds: float
    """Wall time per architecture of the plain loop: median over rounds."""
    engine_seconds: float
    """Wall time per architecture of this engine on the whole machine: median over rounds."""
    ratio: float
    """Evaluations per second of this engine over those of the plain loop: median of the rounds' ratios."""
    gigaflops: float
    """Mean operations of an evaluation; see :mod:`eproxy_engine.bench.floor`."""
    floor_seconds: float
    """Time per architecture for these operations at the machine's best speed."""
    achieved: float
    """The floor over ``engine_seconds``: 1 is as fast as a large matrix product."""
    traffic_seconds: float
    """Time per architecture to read and write as many bytes in a large copy."""
    peak_megabytes: float
    """Peak memory of one process that evaluates."""
    paper_seconds: float | None
    """Time on an NVIDIA A6000 at the published width: Table 9."""
    paper_megabytes: float | None


@dataclass(frozen=True)
class Largest:
    """Forward pass of a space's largest architecture (most FLOPs) at the published width."""

    space: str
    architecture: str
    batch: int
    seconds: float
    peak_megabytes: float
    """Peak memory of the process."""


def largest(space: str, batch: int = 16) -> Largest:
    """Measure the largest architecture on the CPU, in its own process, for images of CIFAR size."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_forward_of_the_largest, (space, batch))


def measure(
    space: str, configurations: Sequence[Configuration], rounds: int, device: str = "auto"
) -> Iterator[str | Speed]:
    """Measure the speed of evaluations in a space.

    Args:
        space: Name of the search space.
        configurations: Configurations, each evaluated with one random architecture, the same in every round.
        rounds: Number of rounds.
        device: ``auto``, ``cpu`` or ``cuda``.

    Yields:
        Lines of progress, then the result.
    """
    from eproxy_engine.proxy.device import resolve_device

    size = len(configurations)
    task = benchmarks.task(space).name
    place = resolve_device(device)
    arithmetic = NATIVE if place == "cpu" and why_torch() is None else TORCH
    architectures = Sample.default(space, task, size).draw(space, task)["architecture"]
    evaluations = [
        Evaluation.of(space, architecture, configuration, IMAGES, SEED)
        for architecture, configuration in zip(architectures, configurations, strict=True)
    ]
    by_engine = [
        replace(each, arithmetic=arithmetic if each.configuration.compilable else TORCH) for each in evaluations
    ]
    plain, engine = [], []
    best = ceilings(place)
    work = sum(map(work_of, evaluations), start=Work()).times(1 / size)
    with closing(make(device)) as executor:
        list(executor.run(by_engine[: 2 * cores()]))  # starts processes and loads libraries
        for number in range(1, rounds + 1):
            plain.append(_plain_loop(evaluations, place) / size)
            started = time.perf_counter()
            list(executor.run(by_engine))
            engine.append((time.perf_counter() - started) / size)
            yield f"{space}, round {number}: plain {plain[-1]:.2f} s, engine {engine[-1]:.2f} s per architecture"
    ratios = [a / b for a, b in zip(plain, engine, strict=True)]
    memory = peak_megabytes(max(by_engine, key=lambda e: e.key), place)
    median = statistics.median
    yield Speed(
        space=space,
        device=place,
        arithmetic=arithmetic,
        architectures=size,
        rounds=rounds,
        plain_seconds=median(plain),
        engine_seconds=median(engine),
        ratio=median(ratios),
        gigaflops=work.flops / 1e9,
        floor_seconds=work.floor(best),
        achieved=work.floor(best) / median(engine),
        traffic_seconds=work.traffic(best),
        peak_megabytes=memory,
        paper_seconds=A6000_SECONDS.get(space),
        paper_megabytes=A6000_MEGABYTES.get(space),
    )


def plain_arithmetic(threads: int) -> Arithmetic:
    """Return the arithmetic of the plain loop."""
    from eproxy_engine.proxy.arithmetic import Arithmetic

    return Arithmetic(
        channels_last=False,
        frequencies=False,
        threads=threads,
        flush_denormals=False,
        fused_optimiser=False,
        last_update=True,
    )


def _plain_loop(evaluations: list[Evaluation], device: str) -> float:
    """Return the seconds for all evaluations."""
    from eproxy_engine.proxy.training import evaluate

    plain = plain_arithmetic(cores())
    started = time.perf_counter()
    for evaluation in evaluations:
        evaluate(evaluation, device, plain)
    return time.perf_counter() - started


def peak_megabytes(evaluation: Evaluation, device: str) -> float:
    """Measure the peak memory of a new process that trains one evaluation."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_evaluate_and_weigh, (evaluation, device))


def _evaluate_and_weigh(evaluation: Evaluation, device: str) -> float:
    from eproxy_engine.proxy.training import evaluate

    evaluate(evaluation, device)
    return _peak_of_this_process()


def _forward_of_the_largest(space: str, batch: int) -> Largest:
    import torch

    family = spaces.get(space)
    architecture = family.largest()
    backbone = family.build(architecture, family.published_width)
    started = time.perf_counter()
    with torch.no_grad():
        backbone(torch.zeros(batch, 3, CIFAR_SIZE, CIFAR_SIZE))
    return Largest(space, str(architecture), batch, time.perf_counter() - started, _peak_of_this_process())


def _peak_of_this_process() -> float:
    """Return megabytes. Linux's own value is that of this program; getrusage includes the parent's at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        (kilobytes,) = [line.split()[1] for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM:")]
        return int(kilobytes) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
