"""What the learned ranking gets from the same labels, on the same held-out architectures."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from app.proxy_search.trials import search_of
from eproxy_engine import statistics
from eproxy_engine.errors import UserError
from eproxy_engine.learning.panels import panel
from eproxy_engine.runs import EvaluationSpecification, ProxySearchSpecification, RankingSpecification, Run, Store
from eproxy_engine.runs.kinds.ranking.problem import problem_of


def learned_estimate(store: Store, run: Run, judge: EvaluationSpecification) -> dict[str, Any] | None:
    """Return ρ and its interval of the learned ranking; None while scores of the panel are missing.

    Args:
        store: The store.
        run: A proxy search.
        judge: The evaluation run that judges the proxy found.
    """
    given = search_of(run)
    return _estimate(str(store.path), json.dumps(given.as_dict()), json.dumps(judge.as_dict()))


@st.cache_data(max_entries=20, show_spinner=False)
def _estimate(path: str, search: str, judge: str) -> dict[str, Any] | None:
    given = ProxySearchSpecification.from_dict(json.loads(search))
    held_out = EvaluationSpecification.from_dict(json.loads(judge))
    rows = given.architectures()
    labels = tuple(zip(rows["architecture"], rows["accuracy"].astype(float), strict=True))
    ranked = RankingSpecification(given.space, given.task, held_out.sample, panel("quick"), given=labels)
    try:
        problem = problem_of(ranked, Store(path).outcomes(ranked.evaluations()))
    except UserError:
        return None
    if problem is None:
        return None
    labelled, prediction = problem.prediction()
    judged = problem.court.held_out(labelled)
    return statistics.correlate(prediction.mean[judged], problem.accuracies[judged]).as_dict()
