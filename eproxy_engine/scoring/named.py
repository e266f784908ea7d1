"""Proxies by name: what can be chosen for a comparison."""

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


@dataclass(frozen=True)
class NamedProxy:
    """A proxy under the name by which a comparison shows it."""

    name: str
    proxy: Proxy

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not 0 < len(self.name) <= LONGEST_NAME:
            raise UserError(f"a proxy named {self.name!r}; accepted: 1 to {LONGEST_NAME} characters")

    @property
    def title(self) -> str:
        """How it is called on pages."""
        if self.name in EPROXIES:
            return f"Eproxy, preset {EPROXIES[self.name]}"
        if self.name in COMPOSITE_TITLES:
            return COMPOSITE_TITLES[self.name]
        if isinstance(self.proxy, Baseline) and self.proxy.name == self.name:
            return self.proxy.title
        return self.name

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; :meth:`from_dict` takes them back."""
        return {"name": self.name, **plain_values(self.proxy, "member")}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> NamedProxy:
        """The proxy of plain values. Raises UserError, KeyError or TypeError."""
        return cls(values["name"], proxy_of(values, "member"))


def _az_nas(batch: int, width: int | str) -> NamedProxy:
    """Its four components; complexity is the number of FLOPs."""
    parts = [Baseline(f"az_{part}", batch, width) for part in ("expressivity", "progressivity", "trainability")]
    return NamedProxy("az_nas", Ensemble((*parts, Baseline("flops")), aggregation="log"))


COMPOSITES: dict[str, Callable[[int, int | str], NamedProxy]] = {"az_nas": _az_nas}
"""Published proxies that are aggregates of others."""
COMPOSITE_TITLES = {"az_nas": "AZ-NAS"}
EPROXIES = {f"eproxy_{name}": name for name in PRESETS}
"""The presets of Eproxy."""


SLOW = ("eproxy_paper",)
"""What is meant by no `all`: at the benchmark's own width it takes hours on a CPU."""


def names(tabulated_ones: list[str] | None = None) -> list[str]:
    """All that :func:`named` knows. ``tabulated_ones``: those of the sample's table, if not just the sizes."""
    sizes = list(tabulated.SIZES) if tabulated_ones is None else tabulated_ones
    return [*EPROXIES, *sizes, *baselines.names(), *COMPOSITES]


def named(name: str, batch: int = Baseline.batch, width: int | str = Baseline.width) -> NamedProxy:
    """The proxy of that name. ``batch``, ``width``: of what is not Eproxy. Raises UserError."""
    if name in EPROXIES:
        return NamedProxy(name, preset(EPROXIES[name]))
    if name in COMPOSITES:
        return COMPOSITES[name](batch, width)
    if not tabulated.is_tabulated(name) and name not in baselines.names():
        raise UserError(one_of(name, names(), "proxy") + "; where the table has it, early_stopping@EPOCHS")
    return NamedProxy(name, Baseline(name, batch, width).canonical())
