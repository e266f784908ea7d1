"""The zero-cost proxies by name: those of this package, one file each, and those of plug-ins.

Importing them does not import torch: a proxy does that when it measures.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces import plugins, registry

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

    Measure = Callable[[Classifier, Tensor, Tensor], float]

NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
PROXIES_FOLDER = Path(__file__).parent / "proxies"


@dataclass(frozen=True)
class ZeroCostProxy:
    """What is known about a proxy before it measures anything."""

    name: str
    title: str
    source: str
    """Paper, and where in it."""
    cost: str
    """In passes over the batch, in words."""
    passes: float
    """The same as a number, in forward passes of the batch: what the estimate of time goes by."""
    assumes: str
    """About the network or the data; when it is not to be trusted."""
    higher_is_better: bool
    measure: Measure
    """Network, images ``[b, 3, h, w]``, labels ``[b]`` -> value; what is random in it comes from torch's generator."""
    fingerprint: str = ""
    """Of a plug-in's proxy: changes with the file it is in, so that what older code measured is not taken for its."""


_proxies: dict[str, ZeroCostProxy] = plugins.proxies


def zero_cost_proxy(
    name: str,
    *,
    title: str,
    source: str,
    cost: str,
    passes: float,
    assumes: str,
    higher_is_better: bool = True,
) -> Callable[[Measure], Measure]:
    """Register the decorated function under ``name`` (lower case, words joined by underscores).

    The function takes a :class:`~eproxy_engine.baselines.classifier.Classifier`, images ``[b, 3, h, w]`` and labels
    ``[b]``, and returns a number. Raises ValueError for a name that is taken or not of that form.
    """

    def register(measure: Measure) -> Measure:
        if not NAME.fullmatch(name):
            raise ValueError(f"a proxy named {name!r}; accepted: lower-case words joined by underscores")
        if name in _proxies:
            raise ValueError(f"a proxy named {name!r} is registered already")
        _proxies[name] = ZeroCostProxy(
            name, title, source, cost, passes, assumes, higher_is_better, measure, _fingerprint(measure)
        )
        return measure

    return register


def _fingerprint(measure: Measure) -> str:
    """Nothing for the product's own: the engine's version stands for those."""
    if measure.__module__.startswith(plugins.OURS):
        return ""
    return hashlib.sha256(Path(inspect.getfile(measure)).read_bytes()).hexdigest()[:16]


def get(name: str) -> ZeroCostProxy:
    """The proxy of that name. Raises UserError."""
    if name not in _proxies:
        registry.user_plugins.load()
    if name not in _proxies:
        raise UserError(one_of(name, _proxies, "zero-cost proxy"))
    return _proxies[name]


def names() -> list[str]:
    """All registered names, in order of registration."""
    registry.user_plugins.load()
    return list(_proxies)


for _module in pkgutil.iter_modules([str(PROXIES_FOLDER)]):
    importlib.import_module(f"{__package__}.proxies.{_module.name}")
