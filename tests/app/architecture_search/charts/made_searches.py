"""Architecture searches for the tests of their charts: made up."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from app.architecture_search.charts.runs import Searched

BEST = 94.0


def searched(name: str = "random search", **given: Any) -> Searched:
    """Two seeds of ten queries, the optimum at 94; ``given``: fields that differ."""
    improvements = [[(1, 90.0), (4, 92.0)], [(1, 88.0), (2, 91.0), (8, 93.0)]]
    made = Searched("id", name, "#009E73", "solid", improvements, [10, 10], 0, BEST, False)
    return made._replace(**given)


def trials(**columns: Any) -> pd.DataFrame:
    """Five trials of four architectures; the third is met again, and queried then."""
    nan = math.nan
    made = {
        "architecture": ["a", "b", "c", "d", "c"],
        "parent": [nan, nan, 0.0, 2.0, 3.0],
        "parameters": [1e6, 2e6, 3e6, 4e6, 3e6],
        "flops": [10e6, 20e6, 30e6, 40e6, 30e6],
        "query": [1.0, nan, nan, nan, 2.0],
        "accuracy": [50.0, 90.0, 70.0, nan, 70.0],
        "jumped": [False, False, True, False, True],
        "fitness": [-4.0, -3.0, -1.0, -2.0, -1.0],
    }
    return pd.DataFrame({**made, **columns})
