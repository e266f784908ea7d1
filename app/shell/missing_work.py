"""Work that a run would still have to do."""

from __future__ import annotations

import json

import streamlit as st

from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.cost import missing
from eproxy_engine.runs.kinds.registry import specification_of


def missing_work(store: Store, specification: Specification, runs: list[Run]) -> tuple[int, float]:
    """Count missing evaluations and their multiply–accumulates, again only when a run progresses. Raises UserError."""
    return _counted(str(store.path), specification.kind, json.dumps(specification.as_dict()), moment(runs))


def moment(runs: list[Run]) -> int:
    """Return a value that changes when the stored evaluations do; counting a million of them takes too long."""
    return hash(tuple((run.id, run.status, run.progress.get("done")) for run in runs))


@st.cache_data(max_entries=50, show_spinner="Looking up what is already computed …")
def _counted(path: str, kind: str, specification: str, moment: int) -> tuple[int, float]:
    wanted = missing(Store(path), [specification_of(kind, json.loads(specification))])
    return len(wanted), sum(wanted.values())
