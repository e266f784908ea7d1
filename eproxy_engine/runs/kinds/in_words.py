"""Statistics of results in words, the same for all kinds of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def rho_of(values: Mapping[str, Any]) -> str:
    """Describe ρ with its interval, or with its spread over draws.

    >>> rho_of({"rho": 0.631, "rho_low": 0.55, "rho_high": 0.7}), rho_of({"rho": {"mean": -0.2, "sd": 0.02}})
    ('ρ 0.63 [0.55, 0.70]', 'ρ −0.20 ± 0.02')
    >>> rho_of({"rho": 0.5}), rho_of({})
    ('ρ 0.50', 'ρ not defined')
    """
    rho = values.get("rho")
    if isinstance(rho, Mapping):
        return "ρ not defined" if rho.get("mean") is None else f"ρ {digits(rho['mean'])} ± {digits(rho['sd'])}"
    if rho is None:
        return "ρ not defined"
    low, high = values.get("rho_low"), values.get("rho_high")
    return f"ρ {digits(rho)}" + ("" if low is None or high is None else f" [{digits(low)}, {digits(high)}]")


def digits(value: float, count: int = 2) -> str:
    """Format a number with a true minus sign and never a negative zero.

    >>> digits(-0.618), digits(-0.001)
    ('−0.62', '0.00')
    """
    return f"{round(value, count) + 0.0:.{count}f}".replace("-", "−")


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    >>> counted(1, "surface"), counted(1200, "surface"), counted(2, "query", "queries")
    ('1 surface', '1,200 surfaces', '2 queries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
