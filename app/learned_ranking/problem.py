"""The learning problem of what the controls specify, as far as its scores are known."""

from __future__ import annotations

import json

import streamlit as st

from app.shell.missing_work import moment
from eproxy_engine import benchmarks
from eproxy_engine.runs import RankingSpecification, Run, Store
from eproxy_engine.runs.kinds.ranking.problem import Problem, problem_of


def problem_shown(store: Store, runs: list[Run], given: RankingSpecification) -> Problem | None:
    """Return the problem; None while scores are missing. Raises UserError if nothing can be learned."""
    if not given.evaluations():
        return _problem("", _plain(given), benchmarks.version(given.space), 0)
    return _problem(str(store.path), _plain(given), benchmarks.version(given.space), moment(runs))


def _plain(given: RankingSpecification) -> str:
    return json.dumps(given.as_dict())


@st.cache_resource(max_entries=10, show_spinner="Preparing scores and descriptors …")
def _problem(path: str, specification: str, version: tuple[tuple[str, int], ...], moment: int) -> Problem | None:
    """Keep the problem. ``path``: of the store, empty if every score ships."""
    given = RankingSpecification.from_dict(json.loads(specification))
    return problem_of(given, Store(path).outcomes(given.evaluations()) if path else {})
