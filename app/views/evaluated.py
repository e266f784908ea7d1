"""Rows of a run from the store, kept between reruns of a page."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from eproxy_engine.errors import UserError
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows


def evaluation_of(run: Run) -> EvaluationSpecification:
    """Return the specification of an evaluation run."""
    assert isinstance(run.specification, EvaluationSpecification)
    return run.specification


def can_be_shown(run: Run) -> bool:
    """Return whether space, task and architectures are still known; a plug-in or an import may be gone."""
    try:
        run.specification.checked()
    except UserError:
        return False
    return True


def evaluated_rows(store: Store, run: Run) -> pd.DataFrame:
    """Return :func:`stored_rows`, read again only when the run has progressed."""
    progress = run.progress.get("done", 0), run.status == "running"
    return _rows(str(store.path), json.dumps(run.specification.as_dict()), run.id, progress)


def finished_rows(store: Store, specification: EvaluationSpecification) -> pd.DataFrame:
    """Return :func:`stored_rows` of a finished evaluation run."""
    return _rows(str(store.path), json.dumps(specification.as_dict()), "", (0, False))


@st.cache_data(max_entries=20, show_spinner=False)
def _rows(path: str, specification: str, run_id: str, progress: tuple[int, bool]) -> pd.DataFrame:
    return stored_rows(Store(path), EvaluationSpecification.from_dict(json.loads(specification)))
