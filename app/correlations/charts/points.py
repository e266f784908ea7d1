"""Common parts of charts of several proxies on one sample: one point per architecture, ranks, failed scores.

All take ``scores`` and ``rows``. ``scores`` has one row per architecture, with columns architecture, accuracy,
parameters, flops and one column per proxy, where higher is better and −inf is a failed score. ``rows`` has one mapping
per proxy with its name (its column), title, n, rho and so on, None where undefined.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.charts.layout import rounded, wrapped
from app.charts.scatter import correlation_title
from eproxy_engine.statistics import ranks

HOVER = (
    "%{customdata[1]}<br>accuracy %{customdata[2]:.4g}<br>"
    "%{customdata[3]:.2f} M parameters, %{customdata[4]:.1f} M FLOPs"
)

Rows = Sequence[Mapping[str, Any]]
Details = list[tuple[str, str, float, float, float]]
"""Architecture, its text wrapped for the hover box, accuracy, millions of parameters and of FLOPs."""


def details(scores: pd.DataFrame) -> Details:
    """Return the custom data of each architecture: its text, by which a page identifies it, and the hover box."""
    names = scores["architecture"].tolist()
    millions = [(scores[size].to_numpy(float) / 1e6).round(4).tolist() for size in ("parameters", "flops")]
    return list(zip(names, map(wrapped, names), scores["accuracy"].tolist(), *millions, strict=True))


def among(scores: pd.DataFrame, selected: Collection[str]) -> NDArray[np.bool_]:
    """Return which architectures are selected, shape (n,); texts that are not in ``scores`` are ignored."""
    return scores["architecture"].isin(list(selected)).to_numpy(bool)


def places(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks, 1 is the lowest; ties share their mean rank, and all non-finite values tie last."""
    return ranks(np.where(np.isfinite(values), values, -np.inf))


def rho_text(row: Mapping[str, Any]) -> str:
    """Format ρ in two digits.

    >>> rho_text({"rho": -0.631}), rho_text({"rho": None})
    ('ρ = −0.63', 'ρ undefined')
    """
    return "ρ undefined" if row.get("rho") is None else f"ρ = {rounded(row['rho'])}"


def highest(rows: Rows, count: int) -> list[Mapping[str, Any]]:
    """Return the ``count`` rows with the highest ρ, in the order of ``rows``; undefined ones come last.

    >>> highest([{"rho": 0.1}, {"rho": None}, {"rho": 0.3}, {"rho": 0.2}], 2)
    [{'rho': 0.3}, {'rho': 0.2}]
    """
    order = sorted(range(len(rows)), key=lambda i: -2.0 if rows[i].get("rho") is None else rows[i]["rho"])
    return [rows[i] for i in sorted(order[-count:])]


def best_title(rows: Rows) -> str:
    """Name the proxy with the highest ρ.

    >>> best_title([{"title": "NASWOT", "rho": 0.4, "n": 9}, {"title": "SynFlow", "rho": 0.7, "n": 9}])
    'Highest of 2: SynFlow, ρ = 0.70, n = 9'
    """
    known = [row for row in rows if row.get("rho") is not None]
    if not known:
        return "ρ undefined for all proxies" if rows else "Proxies"
    best = max(known, key=lambda row: row["rho"])
    found = f"{best['title']}, {correlation_title(best)}"
    return f"Highest of {len(rows)}: {found}" if len(rows) > 1 else found
