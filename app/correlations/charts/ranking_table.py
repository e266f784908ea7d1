"""Table of the statistics of every proxy on one sample, one row per proxy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from app.charts.layout import rounded
from app.correlations.charts.points import Rows

NUMBERS = {"ρ": "rho", "τ": "tau", "top-10 %": "top10", "precision@10": "precision10"}
COLUMNS = (
    "proxy",
    "ρ",
    "95 % interval",
    "ρ over seeds",
    "τ",
    "top-10 %",
    "precision@10",
    "nDCG",
    "partial ρ",
    "ms per architecture",
    "peak MB",
    "failed",
)

_NDCG_DIGITS = 3  # it is near 1 even for middling proxies


def comparison_table(rows: Rows) -> pd.DataFrame:
    """Return :data:`COLUMNS` of every proxy, highest ρ first, those without one last.

    Numbers stay numbers so that the table can sort by them; nan where undefined or unknown. They are rounded to what
    their intervals support; :func:`comparison_formats` gives all numbers of a column equally many digits.
    """
    listed = sorted(rows, key=lambda row: -math.inf if row.get("rho") is None else row["rho"], reverse=True)
    digits = _digits(rows)
    return pd.DataFrame([_line(row, digits) for row in listed], columns=list(COLUMNS))


def comparison_formats(rows: Rows) -> dict[str, str]:
    """Return the printf format of each column's numbers."""
    shares = dict.fromkeys([*NUMBERS, "partial ρ"], f"%.{_digits(rows)}f")
    return shares | {"nDCG": f"%.{_NDCG_DIGITS}f", "ms per architecture": "%.3g", "peak MB": "%.0f", "failed": "%d"}


def _line(row: Mapping[str, Any], digits: int) -> dict[str, Any]:
    seconds, peak = row.get("seconds_per_architecture"), row.get("peak_megabytes")
    return {
        "proxy": row["title"],
        **{title: _number(row.get(name), digits) for title, name in NUMBERS.items()},
        "95 % interval": _interval(row, digits),
        "ρ over seeds": seeds_text(row.get("seed_rhos") or [], digits),
        "nDCG": _number(row.get("ndcg"), _NDCG_DIGITS),
        "partial ρ": _number(row.get("partial_rho"), digits),
        "ms per architecture": math.nan if seconds is None else float(f"{1000 * seconds:.3g}"),
        "peak MB": math.nan if peak is None else float(round(peak)),
        "failed": row.get("failed") or 0,
    }


def seeds_text(rhos: Sequence[float | None], digits: int = 2) -> str:
    """Format mean and standard deviation (n − 1) of ρ over the seeds where it is defined; empty below two of these.

    >>> seeds_text([0.5, 0.6, 0.7, None])
    '0.60 ± 0.10'
    """
    known = [rho for rho in rhos if rho is not None]
    if len(known) < 2:
        return ""
    return f"{rounded(float(np.mean(known)), digits)} ± {rounded(float(np.std(known, ddof=1)), digits)}"


def _number(value: float | None, digits: int) -> float:
    return math.nan if value is None else round(value, digits) + 0.0


def _interval(row: Mapping[str, Any], digits: int) -> str:
    low, high = row.get("rho_low"), row.get("rho_high")
    return "" if low is None or high is None else f"[{rounded(low, digits)}, {rounded(high, digits)}]"


def _digits(rows: Rows) -> int:
    """Return 2; 3 if every interval of ρ is narrower than 0.02."""
    widths = [
        row["rho_high"] - row["rho_low"]
        for row in rows
        if row.get("rho_low") is not None and row.get("rho_high") is not None
    ]
    return 3 if widths and max(widths) < 0.02 else 2
