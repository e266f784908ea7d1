"""Evaluated architectures in the store."""

from __future__ import annotations

import pandas as pd

from eproxy_engine.runs.kinds.evaluation.plan import scored
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.store import Store


def stored_rows(store: Store, specification: EvaluationSpecification) -> pd.DataFrame:
    """Return the rows of :func:`eproxy_engine.runs.kinds.evaluation.plan.scored` for the outcomes in the store."""
    return scored(specification, store.outcomes(specification.evaluations()))
