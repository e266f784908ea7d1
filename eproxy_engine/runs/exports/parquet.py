"""What a run has found as a table, in a Parquet file."""

from __future__ import annotations

import io
import json

import pandas as pd

from eproxy_engine.errors import UserError
from eproxy_engine.runs.kinds.comparison.plan import scores_of
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification
from eproxy_engine.runs.kinds.ranking.problem import problem_of, ranking
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification
from eproxy_engine.runs.store import Store


def parquet(store: Store, run_id: str) -> bytes:
    """Return the table of a run as a Parquet file.

    An evaluation, a comparison and a learned ranking have a row per architecture, landscapes one per surface, and
    searches one per trial. Nested values, such as configurations, are JSON texts.

    Args:
        store: The store.
        run_id: ID of the run.

    Raises:
        UserError: If the run is unknown or has found nothing yet.
    """
    table = frame_of(store, run_id)
    for column in table:
        if any(isinstance(value, dict) for value in table[column]):
            table[column] = [json.dumps(value) for value in table[column]]
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()


def frame_of(store: Store, run_id: str) -> pd.DataFrame:
    """Return the table of a run. Raises UserError."""
    run = store.run(run_id)
    given = run.specification
    if isinstance(given, EvaluationSpecification):
        rows = stored_rows(store, given)
    elif isinstance(given, ComparisonSpecification):
        rows = scores_of(given, store.outcomes(given.evaluations()), unknown=True)
    elif isinstance(given, RankingSpecification):
        problem = problem_of(given, store.outcomes(given.evaluations()))
        rows = pd.DataFrame() if problem is None else ranking(problem)
    elif isinstance(given, LandscapeSpecification):
        rows = pd.DataFrame((run.result or {}).get("surfaces", []))
    else:
        rows = pd.DataFrame(store.history(run_id))
    if rows.empty:
        raise UserError(f"run {run_id} has found nothing yet; accepted: one that is further on")
    return rows
