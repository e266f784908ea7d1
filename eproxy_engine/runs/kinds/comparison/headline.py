"""Result of a comparison of proxies in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.in_words import counted, rho_of


def headline(given: ComparisonSpecification, result: Mapping[str, Any]) -> str:
    """Say which proxy ranks best, of how many."""
    rows = [row for row in result["proxies"] if row["rho"] is not None]
    if not rows:
        return f"no ρ of {counted(len(given.proxies), 'proxy', 'proxies')} is defined"
    best = max(rows, key=lambda row: row["rho"])
    compared = f"best of {len(rows)} proxies: " if len(rows) > 1 else ""
    return f"{compared}{best['title']}, {rho_of(best)}, n = {best['n']:,}"
