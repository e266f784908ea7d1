"""Work that runs would still have to do."""

from __future__ import annotations

import json
from typing import NamedTuple

import streamlit as st

from app.shell.speed import multiply_accumulates_per_second
from eproxy_engine import benchmarks
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.cost import Work, work
from eproxy_engine.runs.executors import cores
from eproxy_engine.runs.kinds.registry import specification_of


class MissingWork(NamedTuple):
    """Work that runs ask for, and what is still missing of it."""

    evaluations: int
    """Number of different evaluations known in advance: equal networks are evaluated once."""
    missing: int
    seconds: float
    """Time on all cores of this machine."""
    at_most: bool
    """Whether that is an upper bound, as for a search."""


def missing_work(store: Store, runs: list[Run], *specifications: Specification) -> MissingWork:
    """Count the work of all specifications together, again only when a run progresses. Raises UserError."""
    values = json.dumps([[each.kind, each.as_dict()] for each in specifications])
    versions = tuple(benchmarks.version(each.space) for each in specifications)
    found = _counted(str(store.path), values, versions, moment(runs))
    arithmetic = TORCH if any(each.arithmetic == TORCH for each in specifications) else NATIVE
    speeds = {space: multiply_accumulates_per_second(runs, space, arithmetic) for space in found.multiply_accumulates}
    seconds = sum(operations / speeds[space] for space, operations in found.multiply_accumulates.items())
    return MissingWork(found.evaluations, found.missing, seconds / cores(), found.at_most)


def moment(runs: list[Run]) -> int:
    """Return a value that changes when the stored evaluations do; counting a million of them takes too long."""
    return hash(tuple((run.id, run.status, run.progress.get("done")) for run in runs))


@st.cache_data(max_entries=200, show_spinner="Looking up what is already computed …")
def _counted(path: str, specifications: str, versions: tuple[tuple[tuple[str, int], ...], ...], moment: int) -> Work:
    return work(Store(path), [specification_of(kind, values) for kind, values in json.loads(specifications)])
