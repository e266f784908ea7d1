"""Finished runs that ship with the lesson, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import streamlit as st

from eproxy_engine.errors import UserError
from eproxy_engine.installation import ASSETS
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import (
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    Specification,
    archive,
)
from eproxy_engine.runs.kinds.registry import kind_of

LESSON_FOLDER = ASSETS / "lesson"
ENDING = ".json.gz"
S = TypeVar("S", bound=Specification)


class Shipped(NamedTuple, Generic[S]):
    """A run that ships, with the outcomes of its evaluations by key."""

    specification: S
    outcomes: dict[str, Outcome]


def evaluation_run(barrier: bool) -> Shipped[EvaluationSpecification]:
    """Return the lesson's sample with or without the barrier. Like the functions below, raises UserError."""
    return _shipped(f"barrier-{'on' if barrier else 'off'}", EvaluationSpecification)


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
    path = LESSON_FOLDER / f"{name}{ENDING}"
    if not path.is_file():
        raise UserError(
            f"The results of this step are missing: {path.name} is missing in {path.parent}. It comes with the "
            "product. Fetch it again, or go on with the next step."
        )
    found = path.stat()
    specification, outcomes = _read(str(path), found.st_mtime_ns, found.st_size)
    if not isinstance(specification, kind):
        raise UserError(f"{path} holds a run of kind {specification.kind!r}; accepted: {kind.kind!r}")
    return Shipped(specification, outcomes)


@st.cache_resource(max_entries=16, show_spinner="Reading the lesson's results …")
def _read(path: str, changed: int, size: int) -> tuple[Any, dict[str, Outcome]]:
    """``changed`` and ``size`` tell versions of a file apart."""
    packed = archive.read(Path(path).read_bytes())
    return packed.specification, packed.replay.outcomes
