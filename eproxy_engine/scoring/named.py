"""Proxies by name, for comparisons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eproxy_engine import baselines
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.proxy import PRESETS, preset
from eproxy_engine.scoring.proxy import Ensemble, Proxy, plain_values, proxy_of

LONGEST_NAME = 60
LISTED = "`eproxy proxies` and the page Correlations list them"


@dataclass(frozen=True)
class NamedProxy:
    """A proxy with the name that a comparison shows. Raises UserError if the name is empty or too long."""

    name: str
    proxy: Proxy

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not 0 < len(self.name) <= LONGEST_NAME:
            raise UserError(f"a proxy named {self.name!r}; accepted: 1 to {LONGEST_NAME} characters")

    @property
    def title(self) -> str:
        """Title on pages."""
        if self.name in EPROXIES:
            return f"Eproxy, preset {EPROXIES[self.name]}"
        if self.name in COMPOSITE_TITLES:
            return COMPOSITE_TITLES[self.name]
        if isinstance(self.proxy, Baseline) and self.proxy.name == self.name:
            return self.proxy.title
        return self.name

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_dict` reads them."""
        return {"name": self.name, **plain_values(self.proxy, "member")}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> NamedProxy:
        """Return the proxy in plain values. Raises UserError, KeyError or TypeError."""
        return cls(values["name"], proxy_of(values, "member"))


def _az_nas(batch: int, width: int | str) -> NamedProxy:
    """Compose AZ-NAS of its four components; complexity is the number of FLOPs."""
    parts = [Baseline(f"az_{part}", batch, width) for part in ("expressivity", "progressivity", "trainability")]
    return NamedProxy("az_nas", Ensemble((*parts, Baseline("flops")), aggregation="log"))


COMPOSITES: dict[str, Callable[[int, int | str], NamedProxy]] = {"az_nas": _az_nas}
"""Published proxies that aggregate others."""
COMPOSITE_TITLES = {"az_nas": "AZ-NAS"}
EPROXIES = {f"eproxy_{name}": name for name in PRESETS}
"""Presets of Eproxy by name of the proxy."""


SLOW = ("eproxy_paper",)
"""Proxies that `all` leaves out: at the benchmark's own width they take hours on a CPU."""


def names(tabulated_ones: list[str] | None = None) -> list[str]:
    """Return all names that :func:`named` knows.

    Args:
        tabulated_ones: Names of the proxies in the sample's table; None for the sizes alone.
    """
    sizes = list(tabulated.SIZES) if tabulated_ones is None else tabulated_ones
    return [*EPROXIES, *sizes, *baselines.names(), *COMPOSITES]


def named(name: str, batch: int = Baseline.batch, width: int | str = Baseline.width) -> NamedProxy:
    """Return the proxy with this name.

    Args:
        name: A name from :func:`names`, or ``early_stopping@EPOCHS``.
        batch: Batch size of a proxy other than Eproxy.
        width: Width of a proxy other than Eproxy.

    Raises:
        UserError: If the name is unknown.
    """
    if name in EPROXIES:
        return NamedProxy(name, preset(EPROXIES[name]))
    if name in COMPOSITES:
        return COMPOSITES[name](batch, width)
    if not tabulated.is_tabulated(name) and name not in baselines.names():
        raise UserError(one_of(name, names(), "proxy", LISTED) + "; where the table has it, early_stopping@EPOCHS")
    return NamedProxy(name, Baseline(name, batch, width).canonical())
