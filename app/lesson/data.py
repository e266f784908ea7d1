"""Finished runs that ship with the lesson, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from app.views.shipped_runs import ENDING, LESSON, Shipped, shipped_run, version
from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs import ComparisonSpecification, EvaluationSpecification, LandscapeSpecification, Specification
from eproxy_engine.runs.kinds.registry import kind_of

__all__ = [
    "LESSON_FOLDER",
    "Shipped",
    "elsewhere",
    "evaluation_run",
    "evaluations",
    "landscapes",
    "table_1",
    "versions",
]

LESSON_FOLDER = LESSON
S = TypeVar("S", bound=Specification)


def evaluation_run(barrier: bool) -> Shipped[EvaluationSpecification]:
    """Return the lesson's sample with or without the barrier. Like the functions below, raises UserError."""
    return _shipped(f"barrier-{'on' if barrier else 'off'}", EvaluationSpecification)


def versions() -> tuple[int, ...]:
    """Return a value that changes with the files of the two runs above."""
    return tuple(version(_path(f"barrier-{name}")) for name in ("on", "off"))


def table_1() -> Shipped[ComparisonSpecification]:
    """Return the runs with and without barrier at several learning rates over many iterations."""
    return _shipped("table-1", ComparisonSpecification)


def elsewhere() -> list[Shipped[ComparisonSpecification]]:
    """Return runs with and without barrier in other settings; none if none ship."""
    return [
        _shipped(path.name.removesuffix(ENDING), ComparisonSpecification)
        for path in sorted(LESSON_FOLDER.glob(f"when-*{ENDING}"))
    ]


def landscapes() -> Shipped[LandscapeSpecification]:
    """Return the loss surfaces of the best and the worst architecture."""
    return _shipped("landscapes", LandscapeSpecification)


def evaluations(specification: Specification) -> list[Evaluation]:
    """Return all evaluations of a run that knows them in advance."""
    return list(kind_of(specification).cost(specification).evaluations)


def _shipped(name: str, kind: type[S]) -> Shipped[S]:
    return shipped_run(_path(name), kind)


def _path(name: str) -> Path:
    return LESSON_FOLDER / f"{name}{ENDING}"
