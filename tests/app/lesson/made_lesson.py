"""Files of a tiny lesson, with made-up outcomes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from eproxy_engine.landscape import Part, View
from eproxy_engine.proxy import Configuration, Evaluation, Outcome, preset
from eproxy_engine.runs import (
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    Specification,
    Store,
    archive,
)
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy

SPACE, TASK, COUNT = "nasbench101", "cifar10", 40
PAPER = replace(preset("paper"), width=4, batch=2)
SAMPLE = Sample("random", COUNT, 1)
RATES = (1.0, 0.1, 0.01)
ITERATIONS = 12


def accuracies() -> dict[str, float]:
    """Of the sample, by architecture."""
    rows = SAMPLE.draw(SPACE, TASK)
    return dict(zip(rows["architecture"], rows["accuracy"], strict=True))


def swept(barrier: bool) -> EvaluationSpecification:
    """The evaluation run with or without barrier."""
    return EvaluationSpecification(SPACE, TASK, SAMPLE, replace(PAPER, barrier=barrier), "noise")


def compared() -> ComparisonSpecification:
    """Table 1."""
    proxies = tuple(
        NamedProxy(
            f"barrier_{'on' if barrier else 'off'}_lr_{rate:g}",
            replace(PAPER, barrier=barrier, learning_rate=rate, iterations=ITERATIONS),
        )
        for barrier in (True, False)
        for rate in RATES
    )
    return ComparisonSpecification(SPACE, TASK, replace(SAMPLE, size=20), proxies, "noise")


def looked_at() -> LandscapeSpecification:
    """The surfaces."""
    extremes = SAMPLE.extremes(SPACE, TASK, 1)
    return LandscapeSpecification(SPACE, TASK, extremes, PAPER, View(steps=3), images="noise")


def curve(configuration: Configuration, accuracy: float) -> tuple[tuple[float, ...], ...]:
    """With the barrier a perfect order from the second iteration on, without it a reversed one."""
    sign = -1 if configuration.barrier else 1
    return tuple((100.0 + (sign * accuracy if i else 0.0),) for i in range(configuration.iterations))


def piece(part: Part) -> tuple[tuple[float, ...], ...]:
    """A ridge in the middle row with the barrier, a plane without."""
    rows, columns = part.shape()
    high = 10.0 if part.configuration.barrier and part.piece == "row" and part.index == 1 else 1.0
    return tuple((high,) * columns for _ in range(rows))


def make_lesson(folder: Path, scratch: Path) -> None:
    """All four files in ``folder``; ``scratch``: of a store that is needed meanwhile."""
    known = accuracies()

    def of_curve(each: Evaluation) -> Outcome:
        assert isinstance(each.configuration, Configuration)
        return Outcome(curve(each.configuration, known[each.architecture]), 1.0)

    def of_piece(each: Evaluation) -> Outcome:
        assert isinstance(each.configuration, Part)
        return Outcome(piece(each.configuration), 1.0)

    with closing(Store(scratch)) as store:
        given: list[tuple[str, Specification, Callable[[Evaluation], Outcome]]] = [
            ("barrier-on", swept(True), of_curve),
            ("barrier-off", swept(False), of_curve),
            ("table-1", compared(), of_curve),
            ("landscapes", looked_at(), of_piece),
        ]
        for name, specification, made in given:
            for each in wanted(specification):
                store.put(each, made(each))
            run = store.create(specification, status="paused")
            (folder / f"{name}.json.gz").write_bytes(archive.pack(store, run.id))


def wanted(specification: Specification) -> list[Evaluation]:
    """All that it asks for."""
    if isinstance(specification, LandscapeSpecification):
        return [each for one in specification.surfaces() for each in specification.evaluations(one)]
    if isinstance(specification, ComparisonSpecification):
        return [each for proxy in specification.proxies for each in specification.evaluation_run(proxy).evaluations()]
    assert isinstance(specification, EvaluationSpecification)
    return specification.evaluations()
