"""Memory that a run needs, and the warning if that is not free."""

from __future__ import annotations

import json
from functools import lru_cache

import pandas as pd
import psutil
import streamlit as st

from app.shell.missing_work import moment
from eproxy_engine import spaces
from eproxy_engine.proxy.cost import peak_bytes
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.executors import cores
from eproxy_engine.scoring import is_computed, members_of


def missing_memory(store: Store, specification: EvaluationSpecification, runs: list[Run]) -> str | None:
    """Return a warning if less memory is free than the missing evaluations need, else None."""
    peak = _peak_bytes(str(store.path), json.dumps(specification.as_dict()), moment(runs))
    return memory_warning(peak, cores(), psutil.virtual_memory().available)


def memory_warning(peak_bytes: float, processes: int, available: float) -> str | None:
    """Return a warning if ``processes`` times ``peak_bytes`` exceed the ``available`` bytes, else None.

    >>> memory_warning(6e9, 2, 8e9)
    'About **6.0 GB** for each of 2 processes, and 8.0 GB are free. A smaller width or batch needs less.'
    """
    if peak_bytes * processes <= available:
        return None
    need, free = f"**{peak_bytes / 1e9:.1f} GB**", f"{available / 1e9:.1f} GB"
    return f"About {need} for each of {processes} processes, and {free} are free. A smaller width or batch needs less."


@st.cache_data(max_entries=50, show_spinner=False)
def _peak_bytes(path: str, specification: str, moment: int) -> float:
    """Return the peak memory of one process on the largest missing evaluation; 0 if none is missing."""
    given = EvaluationSpecification.from_dict(json.loads(specification))
    stored, rows = Store(path).outcomes(given.evaluations()), given.architectures()
    return max(
        (
            peak_bytes(member, given.space, row.activations, row.parameters)
            for member in filter(is_computed, members_of(given.proxy))
            for row in _with_activations(
                rows[[each.key not in stored for each in given.evaluations_of(member)]], given.space
            ).itertuples()
        ),
        default=0.0,
    )


def _with_activations(rows: pd.DataFrame, space: str) -> pd.DataFrame:
    """Return the rows with known activations, and the one with most FLOPs of the others, its activations counted."""
    known, others = rows.dropna(subset="activations"), rows[rows["activations"].isna()].nlargest(1, "flops")
    return pd.concat([known, others.assign(activations=[_activations(space, a) for a in others["architecture"]])])


@lru_cache(maxsize=100)
def _activations(space: str, architecture: str) -> int:
    family = spaces.get(space)
    return family.complexity(family.parse(architecture)).activations
