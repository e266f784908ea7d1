"""Evaluated architectures in the store."""

from __future__ import annotations

import pandas as pd

from eproxy_engine.runs.kinds.evaluation.plan import scored
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.store import Store


def stored_rows(store: Store, specification: EvaluationSpecification) -> pd.DataFrame:
    """Return the rows of :func:`eproxy_engine.runs.kinds.evaluation.plan.scored` for the outcomes in the store."""
    return scored(specification, store.outcomes(specification.evaluations()))


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of known accuracy, by architecture."""
    return rows[rows["accuracy"].notna()].drop_duplicates("architecture").set_index("architecture")


def in_both(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return of two frames, each by architecture, the rows of those that both have, in the same order."""
    both = first.index.intersection(second.index, sort=False)
    return first.loc[both], second.loc[both]
