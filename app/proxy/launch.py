"""Cost estimate of the run, and the button that launches it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

import pandas as pd
import psutil
import streamlit as st

from app.shell import state
from app.shell.errors import show_error, show_warning
from app.shell.launching import launch
from app.shell.missing_work import moment
from app.shell.speed import multiply_accumulates_per_second
from app.shell.wording import duration
from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.cost import peak_bytes
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.executors import cores
from eproxy_engine.scoring import members_of
from eproxy_engine.scoring.cost import multiply_accumulates


class Work(NamedTuple):
    """Work that a specification asks for, and the part of it that is still missing."""

    architectures: int
    members: int
    """Members of the ensemble; 1 for a single configuration."""
    evaluations: int
    """Number of different evaluations: equal networks are evaluated once."""
    missing: int
    multiply_accumulates: float
    """Multiply–accumulates of the missing evaluations."""
    peak_bytes: float
    """Peak memory of one process on the largest missing evaluation."""


def launch_panel(title: str, store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    heading, text, button = st.columns([2, 6, 3], vertical_alignment="bottom")
    heading.title(title)
    specification = state.choice().specification
    try:
        specification.checked()
        work = _work(store, specification, runs)
    except UserError as error:
        show_error(error, text)
        return
    text.markdown(_sentence(work, multiply_accumulates_per_second(runs, specification.space)))
    if warning := memory_warning(work.peak_bytes, cores(), psutil.virtual_memory().available):
        show_warning(warning, text, ":material/memory:")
    if button.button(
        "Evaluate", type="primary", icon=":material/play_arrow:", width="stretch", key="launch", shortcut="Ctrl+Enter"
    ):
        launch(store, specification)


def _work(store: Store, specification: EvaluationSpecification, runs: list[Run]) -> Work:
    """Count the work, again only when the specification changes or a run progresses."""
    return Work(*_counted(str(store.path), json.dumps(specification.as_dict()), moment(runs)))


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(path: str, specification: str, moment: int) -> tuple[int, int, int, int, float, float]:
    given = EvaluationSpecification.from_dict(json.loads(specification))
    evaluations = given.evaluations()
    stored = Store(path).outcomes(evaluations)
    rows = given.architectures()
    work = pd.concat(
        [
            rows.assign(member=member, key=[evaluation.key for evaluation in wanted])
            for member in members_of(given.proxy)
            if (wanted := given.evaluations_of(member))
        ]
        or [rows[:0].assign(member=None, key=None)],
        ignore_index=True,
    )
    missing = work[~work["key"].isin(stored)].drop_duplicates("key")
    operations = [
        multiply_accumulates(member, given.space, flops)
        for member, flops in zip(missing["member"], missing["flops"], strict=True)
    ]
    heaviest = _with_activations(missing, given.space)
    memory = [peak_bytes(row.member, given.space, row.activations, row.parameters) for row in heaviest.itertuples()]
    evaluations = work["key"].nunique()
    return len(rows), len(members_of(given.proxy)), evaluations, len(missing), sum(operations), max(memory, default=0.0)


def _with_activations(rows: pd.DataFrame, space: str) -> pd.DataFrame:
    """Return the rows with known activations, and the one with most FLOPs of the others, its activations counted."""
    known, others = rows.dropna(subset="activations"), rows[rows["activations"].isna()].nlargest(1, "flops")
    return pd.concat([known, others.assign(activations=[_activations(space, a) for a in others["architecture"]])])


@lru_cache(maxsize=100)
def _activations(space: str, architecture: str) -> int:
    family = spaces.get(space)
    return family.complexity(family.parse(architecture)).activations


def memory_warning(peak_bytes: float, processes: int, available: float) -> str | None:
    """Return a warning if ``processes`` times ``peak_bytes`` exceed the ``available`` bytes, else None.

    >>> memory_warning(6e9, 2, 8e9)
    'About **6.0 GB** for each of 2 processes, and 8.0 GB are free. A smaller width or batch needs less.'
    """
    if peak_bytes * processes <= available:
        return None
    need, free = f"**{peak_bytes / 1e9:.1f} GB**", f"{available / 1e9:.1f} GB"
    return f"About {need} for each of {processes} processes, and {free} are free. A smaller width or batch needs less."


def _sentence(work: Work, speed: float) -> str:
    asked = work.architectures * work.members
    networks = f" by an ensemble of {work.members}" if work.members > 1 else ""
    networks += f" ({work.evaluations} different evaluations)" if work.evaluations < asked else ""
    if work.missing == 0:
        return f"**{work.architectures} architectures**{networks}, all evaluated already; the result loads immediately."
    known = f", {work.evaluations - work.missing} evaluated already" if work.missing < work.evaluations else ""
    time = duration(work.multiply_accumulates / speed / cores())
    return f"**{work.architectures} architectures**{networks}{known}: about **{time}** on {cores()} cores."
