"""A run as it is in the store."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from eproxy_engine.foreign import reading
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.labels import Labels
from eproxy_engine.runs.liveness import is_alive
from eproxy_engine.runs.specification import Specification

ACCEPTED = "a store of Eproxy Studio; delete a damaged one"
KEPT = 1000
"""Number of cached specifications and results, because pages read the list of runs all the time."""


@dataclass(frozen=True)
class Run:
    """One run: its specification, status and result."""

    id: str
    kind: str
    specification: Specification
    origin: str
    """``local``, ``sample`` (bundled) or ``imported``."""
    status: str
    request: str | None
    progress: dict[str, Any]
    result: dict[str, Any] | None
    """Result of the run, shared by all readers: treat it as read-only."""
    error: str | None
    worker: str | None
    created: float
    started: float | None
    finished: float | None
    labels: Labels = field(default_factory=Labels)
    device: str | None = None
    """Where its evaluations were computed; None if that is not known, or none had to be."""
    size: int | None = None
    """Bytes of its evaluations in the store, which other runs may share; None if unknown."""

    @property
    def name(self) -> str:
        """Name that a person gave it, else a short one: what its specification says, without space and task."""
        title = self.specification.title
        short = title.partition(": ")[2] or title
        return self.labels.name or short[:1].upper() + short[1:]

    @property
    def rho(self) -> float | None:
        """Spearman's ρ, or its mean over draws; None if the result has none."""
        rho = (self.result or {}).get("rho")
        return rho["mean"] if isinstance(rho, dict) else rho


def run_of(row: Any) -> Run:
    """Return the run in a row of the table ``runs``. Raises UserError if the row is damaged."""
    with reading(f"the run {row['id']!r} of the store", ACCEPTED):
        status = row["status"]
        if status == "running" and not is_alive(row["worker"], row["heartbeat"]):
            status = "interrupted"
        labels = Labels(row["name"] or "", tuple(json.loads(row["tags"] or "[]")), row["note"] or "")
        return Run(
            id=row["id"],
            kind=row["kind"],
            specification=_specification(row["kind"], row["specification"]),
            origin=row["origin"],
            status=status,
            request=row["request"],
            progress=dict(json.loads(row["progress"])),
            result=_result(row["result"]) if row["result"] else None,
            error=row["error"],
            worker=row["worker"],
            created=float(row["created"]),
            started=row["started"],
            finished=row["finished"],
            labels=labels,
            device=row["device"],
            size=row["bytes"],
        )


@lru_cache(maxsize=KEPT)
def _specification(kind: str, text: str) -> Specification:
    return specification_of(kind, json.loads(text))


@lru_cache(maxsize=KEPT)
def _result(text: str) -> dict[str, Any] | None:
    return json.loads(text)
