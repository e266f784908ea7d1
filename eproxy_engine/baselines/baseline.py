"""One of the proxies that Eproxy is compared with, with all that can be chosen about it."""

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
    """A zero-cost proxy, or a figure that the benchmark's table has (:mod:`eproxy_engine.baselines.tabulated`).

    Raises UserError for values that are not accepted; the name is looked up when it is used.
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
        """Whether it is read from the benchmark's table, so that nothing has to be computed."""
        return tabulated.is_tabulated(self.name)

    @property
    def title(self) -> str:
        """How it is called on pages; its name where its plug-in is gone."""
        if self.tabulated:
            return tabulated.title(self.name)
        try:
            return registry.get(self.name).title
        except UserError:
            return self.name

    @property
    def sees_idle_layers(self) -> bool:
        """Proxies count weights and units wherever they lead, as in the published scores."""
        return True

    def checked(self) -> Baseline:
        """Itself, if there is a proxy of its name. Raises UserError."""
        if not self.tabulated:
            registry.get(self.name)
        return self

    def canonical(self) -> Baseline:
        """What has no effect is at its default."""
        return Baseline(self.name) if self.tabulated else self

    def training_part(self) -> Baseline:
        """See :class:`eproxy_engine.proxy.evaluation.Setting`; so are the next four."""
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
        """With one value, ``batch`` or ``width``, set from text. Raises UserError."""
        return Baseline.from_dict({**self.as_dict(), key: read_value(text)})

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and YAML; :meth:`from_dict` takes them back."""
        return {"proxy": self.name, **super().as_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Baseline:
        """The proxy of plain values. Raises UserError."""
        accepted = ("proxy", *(field.name for field in fields(cls) if field.name != "name"))
        for key in values:
            if key not in accepted:
                raise UserError(f"{key!r} of a zero-cost proxy; accepted: {', '.join(accepted)}")
        return cls(**{"name" if key == "proxy" else key: value for key, value in values.items()}).checked()


@lru_cache(maxsize=1000)
def _digest(baseline: Baseline, code: str) -> str:
    """Kept, as all architectures of a sample ask for it."""
    values = {**asdict(baseline), "code": code}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
