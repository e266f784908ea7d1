"""What a report says of a comparison of proxies."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from app.charts.report import Section
from app.correlations.charts.beyond_size import beyond_size_data, beyond_size_figure
from app.correlations.charts.cost_against_rho import cost_data, cost_figure
from app.correlations.charts.ranking_table import comparison_formats, comparison_table
from eproxy_engine.runs import Run, Store


def sections(store: Store, run: Run) -> list[Section]:
    """Return the statistics of every proxy, what they see beyond size, and what they cost."""
    rows = (run.result or {})["proxies"]
    return [
        Section("All proxies on the same architectures", table=_table(rows)),
        Section("Beyond size", beyond_size_figure(beyond_size_data(rows))),
        Section("Cost", cost_figure(cost_data(rows)).update_layout(height=520)),
    ]


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the statistics with equally many digits in a column, without columns that say nothing."""
    table = comparison_table(rows)
    for name, form in comparison_formats(rows).items():
        table[name] = ["–" if math.isnan(value) else (form % value).replace("-", "−") for value in table[name]]
    return table.loc[:, [bool((table[name] != "").any()) for name in table]]
