"""Scores of a few proxies on a few architectures, and what is known of each, for the tests of their charts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

FAILED = -np.inf


def scores(**columns: list[float]) -> pd.DataFrame:
    """Architectures a0, a1, … of ascending accuracy; ``columns``: what each proxy says of them."""
    n = len(next(iter(columns.values())))
    return pd.DataFrame(
        {
            "architecture": [f"a{i}" for i in range(n)],
            "accuracy": np.linspace(80, 94, n),
            "parameters": np.arange(1, n + 1) * 1_000_000,
            "flops": np.arange(n, 0, -1) * 2_500_000,
            **columns,
        }
    )


def row(name: str, rho: float | None = 0.5, **known: Any) -> dict[str, Any]:
    """One of which only ρ is known; ``known``: what else is."""
    absent = dict.fromkeys(
        ("rho_low", "rho_high", "tau", "top10", "precision10", "ndcg", "partial_rho", "seconds_per_architecture")
    )
    return {**absent, "name": name, "title": name.upper(), "rho": rho, "n": 4, "failed": 0, "seed_rhos": [], **known}
