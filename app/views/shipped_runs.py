"""Finished runs that ship as files outside the store: those of the lesson, which the Start page shows, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import streamlit as st

from eproxy_engine.errors import UserError
from eproxy_engine.installation import ASSETS
from eproxy_engine.proxy import Outcome
from eproxy_engine.runs import Specification, archive

LESSON = ASSETS / "lesson"
ENDING = ".json.gz"
S = TypeVar("S", bound=Specification)


class Shipped(NamedTuple, Generic[S]):
    """A run that ships, with the outcomes of its evaluations by key."""

    specification: S
    outcomes: dict[str, Outcome]


def shipped_run(path: Path, kind: type[S]) -> Shipped[S]:
    """Return the run in a file. Raises UserError."""
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


def version(path: Path) -> int:
    """Return a value that changes with the file; 0 if it is missing."""
    return path.stat().st_mtime_ns if path.is_file() else 0


@st.cache_resource(max_entries=16, show_spinner="Reading the lesson's results …")
def _read(path: str, changed: int, size: int) -> tuple[Any, dict[str, Outcome]]:
    """``changed`` and ``size`` tell versions of a file apart."""
    packed = archive.read(Path(path).read_bytes())
    return packed.specification, packed.replay.outcomes
