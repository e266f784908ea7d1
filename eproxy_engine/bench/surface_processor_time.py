"""Processor time of a loss surface's points: torch and compiled kernels, row by row in turn.

One process with one thread, and the same centre for both. What comes before the first row is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from eproxy_engine.bench.landscapes import medium_architecture, rows_of
from eproxy_engine.errors import UserError
from eproxy_engine.landscape import View
from eproxy_engine.native import library
from eproxy_engine.proxy import Configuration
from eproxy_engine.proxy.evaluation import NATIVE, TORCH


@dataclass(frozen=True)
class SurfaceProcessorTime:
    """Processor seconds per point of a surface in one search space, medians over rows."""

    space: str
    architecture: str
    points: int
    """Points of a row."""
    rows: int
    variant: str
    """Variant of the kernels."""
    torch_seconds: float
    native_seconds: float
    ratio: float
    """Median of the rows' ratios."""
    difference: float
    """Largest relative difference between the losses of the two."""
    by_torch: bool
    """Whether the kernels cannot compute the network, so both are torch's."""


def surface_processor_time(
    space: str, configuration: Configuration, steps: int, rows: int
) -> Iterator[str | SurfaceProcessorTime]:
    """Measure the points of a surface of a random architecture of medium size.

    Args:
        space: Name of the search space.
        configuration: The proxy's configuration.
        steps: Points of a row.
        rows: Number of rows, evenly spread over the surface.

    Yields:
        Lines of progress, then the result.

    Raises:
        UserError: If there are no kernels.
    """
    from eproxy_engine.landscape.computing import evaluate

    if reason := library.missing():
        raise UserError(f"no kernels to measure: {reason}")
    architecture = medium_architecture(space)
    view = View(steps=steps, centre=configuration.iterations)
    ways = {each: rows_of(space, architecture, configuration, view, each) for each in (TORCH, NATIVE)}
    outcomes = {each: evaluate(of[0], "cpu") for each, of in ways.items()}
    took: dict[str, list[float]] = {each: [] for each in ways}
    difference = 0.0
    for number, row in enumerate(np.linspace(0, steps - 1, rows).round().astype(int), 1):
        for each, of in ways.items():
            started = time.process_time()
            outcomes[each] = evaluate(of[row], "cpu")
            took[each].append((time.process_time() - started) / steps)
        losses = [np.array(outcomes[each].values) for each in (NATIVE, TORCH)]
        difference = max(difference, float(np.abs(losses[0] / losses[1] - 1).max()))
        yield f"{space}, row {number}: " + ", ".join(f"{each} {found[-1]:.4f} s" for each, found in took.items())
    yield SurfaceProcessorTime(
        space=space,
        architecture=architecture,
        points=steps,
        rows=rows,
        variant=library.variants()[0],
        torch_seconds=statistics.median(took[TORCH]),
        native_seconds=statistics.median(took[NATIVE]),
        ratio=statistics.median(slow / quick for slow, quick in zip(took[TORCH], took[NATIVE], strict=True)),
        difference=difference,
        by_torch=outcomes[NATIVE].note is not None,
    )
