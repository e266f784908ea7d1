"""Result of an evaluation run in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.in_words import rho_of


def headline(given: EvaluationSpecification, result: Mapping[str, Any]) -> str:
    """Say how well the scores rank, on how many architectures, and how many of these diverged."""
    diverged = f", {result['diverged']:,} diverged" if result.get("diverged") else ""
    missing = result.get("architectures", 0) - result.get("evaluated", 0)
    partial = f", {missing:,} still missing" if missing > 0 else ""
    return f"{rho_of(result)}, n = {result['n']:,}{diverged}{partial}"
