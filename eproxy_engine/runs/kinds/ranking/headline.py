"""Result of a learned ranking in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eproxy_engine.runs.kinds.in_words import counted, rho_of
from eproxy_engine.runs.kinds.ranking.specification import RankingSpecification


def headline(given: RankingSpecification, result: Mapping[str, Any]) -> str:
    """Say how well the ranking does on architectures without a label."""
    labels = counted(result["labels"], "label")
    if "rho" not in result:
        return f"{counted(result['candidates'], 'candidate')} ranked by {labels}, too few left to judge it"
    draws = f" over {result['draws']:,} draws" if result["draws"] > 1 else ""
    return f"{rho_of(result)}{draws} held out, {labels}, n = {result['n']:,}"
