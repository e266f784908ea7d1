"""What a report says of a comparison of proxies."""

from __future__ import annotations

from app.charts.report import Section
from app.correlations.charts.beyond_size import beyond_size_data, beyond_size_figure
from app.correlations.charts.cost_against_rho import cost_data, cost_figure
from app.correlations.charts.ranking_table import comparison_table
from eproxy_engine.runs import Run, Store


def sections(store: Store, run: Run) -> list[Section]:
    """Return the statistics of every proxy, what they see beyond size, and what they cost."""
    rows = (run.result or {})["proxies"]
    return [
        Section("All proxies on the same architectures", table=comparison_table(rows)),
        Section("Beyond size", beyond_size_figure(beyond_size_data(rows))),
        Section("Cost", cost_figure(cost_data(rows)).update_layout(height=520)),
    ]
