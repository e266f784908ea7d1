"""Speed of loss surfaces: one row per process (by kernels; on a GPU, many points at once) against a plain loop.

The plain loop sets the weights of one network to each point and asks ``loss-landscapes`` for the loss: one process, all
threads, the default (NCHW) layout. Both compute the same surface; rounds alternate, each with new directions.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from eproxy_engine import benchmarks
from eproxy_engine.bench.evaluations import IMAGES, SEED
from eproxy_engine.landscape import Part, View
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs.arithmetic import why_torch
from eproxy_engine.runs.executors import cores, make
from eproxy_engine.sampling import Sample

DRAWN = 9
"""Number of random architectures, of which the one with the median FLOPs is measured."""


@dataclass(frozen=True)
class SurfaceSpeed:
    """Speed of loss surfaces in one search space."""

    space: str
    architecture: str
    device: str
    points: int
    """Number of points of the surface."""
    rounds: int
    plain_seconds: float
    """Wall time of a surface, point by point: median over rounds."""
    engine_seconds: float
    """Wall time of a surface with this engine on the whole machine: median over rounds."""
    ratio: float
    """Median of the rounds' ratios."""
    difference: float
    """Largest relative difference between the losses of the two."""


def surface(
    space: str, configuration: Configuration, steps: int, rounds: int, device: str = "auto"
) -> Iterator[str | SurfaceSpeed]:
    """Measure the speed of surfaces of a random architecture of medium size, without the training to the centre.

    Args:
        space: Name of the search space.
        configuration: The proxy's configuration.
        steps: Points along a side of the surface.
        rounds: Number of rounds.
        device: ``auto``, ``cpu`` or ``cuda``.

    Yields:
        Lines of progress, then the result.
    """
    from eproxy_engine.proxy.device import resolve_device

    place = resolve_device(device)
    architecture, arithmetic = medium_architecture(space), NATIVE if why_torch() is None else TORCH
    view = View(steps=steps, centre=configuration.iterations)
    plain, engine, difference = [], [], 0.0
    with closing(make(device)) as executor:
        first = rows_of(space, architecture, configuration, view, arithmetic)
        list(executor.run(first[: 4 * cores()]))  # trains in each process
        for number in range(1, rounds + 1):
            rows = rows_of(space, architecture, configuration, replace(view, draw=view.draw + number), arithmetic)
            slow, seconds = _point_by_point(rows, place)
            plain.append(seconds)
            started = time.perf_counter()
            outcomes = {evaluation.key: outcome for evaluation, outcome in executor.run(rows)}
            engine.append(time.perf_counter() - started)
            quick = np.array([outcomes[row.key].values[0] for row in rows])
            difference = max(difference, float(np.abs(quick / slow - 1).max()))
            yield f"{space}, round {number}: plain {plain[-1]:.2f} s, engine {engine[-1]:.2f} s per surface"
    ratios = [a / b for a, b in zip(plain, engine, strict=True)]
    median = statistics.median
    yield SurfaceSpeed(
        space, architecture, place, steps**2, rounds, median(plain), median(engine), median(ratios), difference
    )


def medium_architecture(space: str) -> str:
    """Return the random architecture of median FLOPs."""
    drawn = Sample(size=DRAWN).draw(space, benchmarks.task(space).name).sort_values("flops", kind="stable")
    return str(drawn["architecture"].iloc[DRAWN // 2])


def rows_of(
    space: str, architecture: str, configuration: Configuration, view: View, arithmetic: str
) -> list[Evaluation]:
    """Return one evaluation per row of a surface."""
    parts = [Part(configuration, view, "row", index) for index in range(view.steps)]
    return [Evaluation.of(space, architecture, part, IMAGES, SEED, arithmetic) for part in parts]


def _point_by_point(rows: list[Evaluation], device: str) -> tuple[np.ndarray, float]:
    """Return the losses ``[steps, steps]`` and the seconds they took."""
    import torch
    from loss_landscapes import point

    from eproxy_engine.landscape.metric import RegressionLoss
    from eproxy_engine.landscape.scene import scene
    from eproxy_engine.proxy.arithmetic import Arithmetic, carried_out

    part = rows[0].configuration
    assert isinstance(part, Part)
    with carried_out(Arithmetic()):  # train the centre like the engine: other roundings lead elsewhere
        given = scene(replace(rows[0], configuration=part.configuration), part.view.centre, False, device)
    with carried_out(Arithmetic(threads=cores(), flush_denormals=False)):
        first, second = given.directions(part.view)
        network = deepcopy(given.network).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        moved = {name: p for name, p in network.named_parameters() if name in given.centre}
        metric = RegressionLoss(given.x.contiguous(), given.labels)
        coordinates = part.view.coordinates().tolist()
        started = time.perf_counter()
        losses = []
        with torch.no_grad():
            for y in coordinates:
                for x in coordinates:
                    for name, parameter in moved.items():
                        parameter.copy_(given.centre[name] + x * first[name] + y * second[name])
                    losses.append(point(network, metric))
        seconds = time.perf_counter() - started
    return np.reshape(losses, (len(coordinates), -1)), seconds
