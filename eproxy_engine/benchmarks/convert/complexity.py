"""Parameters, FLOPs and activations of every architecture of a table, counted on its network."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.benchmarks.counts import COUNTS
from eproxy_engine.benchmarks.table import rounded


def with_complexity(space: str, table: pd.DataFrame) -> pd.DataFrame:
    """Add the counted columns to ``table``, sort it by architecture and round its accuracies."""
    table = table.sort_values("architecture", ignore_index=True)
    with ProcessPoolExecutor() as pool:
        counts = list(pool.map(_complexity, [space] * len(table), table["architecture"], chunksize=20))
    for place, name in enumerate(COUNTS, start=1):
        table.insert(place, name, [count[place - 1] for count in counts])
    return rounded(table.astype(dict.fromkeys(table.select_dtypes("float"), "float32")))


def _complexity(space: str, architecture: str) -> tuple[int, int, int]:
    complexity = spaces.get(space).complexity(spaces.get(space).parse(architecture))
    return complexity.parameters, complexity.flops, complexity.activations
