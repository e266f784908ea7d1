"""Configuration of a proxy that Eproxy is compared with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from eproxy_engine.accepted import Between
from eproxy_engine.baselines import registry, tabulated
from eproxy_engine.errors import UserError
from eproxy_engine.fields import Settings, same_as, setting
from eproxy_engine.proxy import Configuration
from eproxy_engine.proxy.reading import read_value

SMALLEST_BATCH = 2


@dataclass(frozen=True)
class Baseline(Settings, what="zero-cost proxy"):
    """A zero-cost proxy, or a figure from the benchmark's table (:mod:`eproxy_engine.baselines.tabulated`).

    Args:
        name: Name of the proxy, looked up when it is used.
        batch: Number of images, the same as Eproxy's for that number.
        width: Stem channels of the backbone: a number, or ``small`` or ``published`` for the space's value.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> Baseline("naswot", batch=32).title
        'NASWOT'
    """

    name: str
    batch: int = setting(
        16,
        "Images",
        Between(SMALLEST_BATCH, 256),
        help="Images that the zero-cost proxies see. Eproxy sees 16; most papers use 64 or 128, which takes four to "
        "eight times as long.",
    )
    width: int | str = same_as(Configuration, "width")

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise UserError(f"proxy is {self.name!r}; accepted: a name")
        super().__post_init__()

    @property
    def tabulated(self) -> bool:
        """Whether the proxy is read from the benchmark's table without computing anything."""
        return tabulated.is_tabulated(self.name)

    @property
    def title(self) -> str:
        """Title on pages; the name if the plug-in is missing."""
        if self.tabulated:
            return tabulated.title(self.name)
        try:
            return registry.get(self.name).title
        except UserError:
            return self.name

    @property
    def compilable(self) -> bool:
        """Kernels compute sixteen images at a time, and only for proxies that say so."""
        if self.tabulated or self.batch % 16:
            return False
        try:
            return registry.get(self.name).compilable
        except UserError:  # of a plug-in that is missing
            return False

    @property
    def sees_idle_layers(self) -> bool:
        """Always true: proxies count weights and units even in unused layers, as in the published scores."""
        return True

    def checked(self) -> Baseline:
        """Return self if a proxy has this name. Raises UserError otherwise."""
        if not self.tabulated:
            registry.get(self.name)
        return self

    def canonical(self) -> Baseline:
        """Return the proxy with settings that have no effect at their defaults."""
        return Baseline(self.name) if self.tabulated else self

    def training_part(self) -> Baseline:
        """See :class:`eproxy_engine.proxy.evaluation.Setting`, also for the next four methods."""
        return self.canonical()

    def with_width(self, width: int) -> Baseline:
        return replace(self, width=width)

    def digest(self) -> str:
        return _digest(self, registry.get(self.name).fingerprint)

    def score(self, values: tuple[tuple[float, ...], ...], flops_norm: float) -> float:
        ((value,),) = values
        return value if registry.get(self.name).higher_is_better else -value

    def flaw(self, values: tuple[tuple[float, ...], ...]) -> str | None:
        return None if len(values) == 1 and len(values[0]) == 1 else "has values of another shape"

    def replace(self, key: str, text: str) -> Baseline:
        """Return a copy with one value, ``batch`` or ``width``, set from text. Raises UserError."""
        return Baseline.from_dict({**self.as_dict(), key: read_value(text)})

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON and YAML; :meth:`from_dict` reads them."""
        return {"proxy": self.name, **super().as_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Baseline:
        """Make the proxy from the values of :meth:`as_dict`.

        Raises:
            UserError: If a key, a value or the proxy's name is unknown.
        """
        accepted = ("proxy", *(field.name for field in fields(cls) if field.name != "name"))
        for key in values:
            if key not in accepted:
                raise UserError(f"unknown key {key!r} of a zero-cost proxy; accepted: {', '.join(accepted)}")
        return cls(**{"name" if key == "proxy" else key: value for key, value in values.items()}).checked()


@lru_cache(maxsize=1000)
def _digest(baseline: Baseline, code: str) -> str:
    """Hash the settings; cached, because every architecture of a sample needs it."""
    values = {**asdict(baseline), "code": code}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
