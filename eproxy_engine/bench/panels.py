"""Processor time of a panel of cheap scores: torch and compiled kernels, architecture by architecture in turn.

One process with one thread. What comes before the first architecture is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from eproxy_engine import benchmarks
from eproxy_engine.bench.evaluations import IMAGES, SEED
from eproxy_engine.errors import UserError
from eproxy_engine.learning.panels import panel
from eproxy_engine.native import library
from eproxy_engine.proxy import Evaluation
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.sampling import Sample


@dataclass(frozen=True)
class PanelTime:
    """Processor seconds of a panel per architecture in one search space, medians over rounds."""

    space: str
    panel: str
    architectures: int
    rounds: int
    variant: str
    """Variant of the kernels."""
    torch_seconds: float
    native_seconds: float
    """Of a native run: kernels where they can, and torch for the other scores."""
    ratio: float
    """Median of the rounds' ratios."""
    by_score: dict[str, tuple[float, float]]
    """Of each score, by torch and in a native run, in the last round."""


def panel_time(space: str, name: str, size: int, rounds: int) -> Iterator[str | PanelTime]:
    """Measure one search space.

    Args:
        space: Name of the search space.
        name: Name of the panel.
        size: Number of random architectures, the same in every round.
        rounds: Number of rounds.

    Yields:
        Lines of progress, then the result.

    Raises:
        UserError: If there are no kernels, or no such panel.
    """
    from eproxy_engine.scoring.computing import evaluate

    if reason := library.missing():
        raise UserError(f"no kernels to measure: {reason}")
    scores, task = panel(name).scores, benchmarks.task(space).name
    architectures = Sample.default(space, task, size).draw(space, task)["architecture"]
    spent: dict[str, dict[str, float]] = {}
    totals: list[dict[str, float]] = []
    for number in range(rounds + 1):
        spent = {way: {score.name: 0.0 for score in scores} for way in (TORCH, NATIVE)}
        for architecture in architectures if number else architectures[:1]:
            for way, of in spent.items():
                for score in scores:
                    started = time.process_time()
                    evaluate(Evaluation.of(space, architecture, score.member, IMAGES, SEED, way), "cpu")
                    of[score.name] += (time.process_time() - started) / size
        if number:
            totals.append({way: sum(of.values()) for way, of in spent.items()})
            yield f"{space}, round {number}: " + ", ".join(f"{way} {each:.3f} s" for way, each in totals[-1].items())
    yield PanelTime(
        space=space,
        panel=name,
        architectures=size,
        rounds=rounds,
        variant=library.variants()[0],
        torch_seconds=statistics.median(each[TORCH] for each in totals),
        native_seconds=statistics.median(each[NATIVE] for each in totals),
        ratio=statistics.median(each[TORCH] / each[NATIVE] for each in totals),
        by_score={score.name: (spent[TORCH][score.name], spent[NATIVE][score.name]) for score in scores},
    )
