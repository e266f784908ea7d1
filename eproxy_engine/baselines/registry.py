"""Registry of zero-cost proxies: those of this package, one file each, and those of plug-ins.

Importing them does not import torch; a proxy imports it when it measures.
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
LISTED = "`eproxy proxies` lists them"
PROXIES_FOLDER = Path(__file__).parent / "proxies"


@dataclass(frozen=True)
class ZeroCostProxy:
    """A registered zero-cost proxy and its description."""

    name: str
    title: str
    source: str
    """Paper, and the place in it."""
    cost: str
    """Cost in passes over the batch, in words."""
    passes: float
    """Cost in forward passes of the batch, for the estimate of time."""
    assumes: str
    """Assumptions about the network or the data, and when not to trust the proxy."""
    higher_is_better: bool
    measure: Measure
    """Network, images ``[b, 3, h, w]``, labels ``[b]`` -> value; its randomness comes from torch's generator."""
    keeps_modules: bool = False
    """Whether it changes no more of a network than the values of parameters and buffers."""
    compilable: bool = False
    """Whether compiled kernels may compute what it asks of a network."""
    fingerprint: str = ""
    """Hash of a plug-in's file, so that results of older code are not reused; empty for built-in proxies."""


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
    keeps_modules: bool = False,
    compilable: bool = False,
) -> Callable[[Measure], Measure]:
    """Register the decorated function as a zero-cost proxy.

    The function takes a :class:`~eproxy_engine.baselines.classifier.Classifier`, images ``[b, 3, h, w]`` and labels
    ``[b]``, and returns a number. docs/your-own-proxy.md shows an example.

    Args:
        name: Unique name of lower-case words joined by underscores.
        title: Title on pages.
        source: Paper, and the place in it.
        cost: Cost in passes over the batch, in words.
        passes: Cost in forward passes of the batch, for the estimate of time.
        assumes: Assumptions about the network or the data, and when not to trust the proxy.
        higher_is_better: Whether a higher value predicts a better architecture.
        keeps_modules: Whether it changes no more of the network than the values of parameters and buffers: modules,
            hooks and modes stay. Its network is then used again, which spares building one.
        compilable: Whether, moreover, it asks the network nothing but its ``watch``, ``loss_gradients``,
            ``block_gradients`` and, without gradients, ``backbone_outputs``. Compiled kernels then compute it, where
            they can.

    Returns:
        A decorator that returns the function unchanged. It raises ValueError if the name is taken or malformed.
    """

    def register(measure: Measure) -> Measure:
        if not NAME.fullmatch(name):
            raise ValueError(f"a proxy named {name!r}; accepted: lower-case words joined by underscores")
        if name in _proxies:
            raise ValueError(f"a proxy named {name!r} is already registered")
        _proxies[name] = ZeroCostProxy(
            name,
            title,
            source,
            cost,
            passes,
            assumes,
            higher_is_better,
            measure,
            keeps_modules,
            compilable,
            _fingerprint(measure),
        )
        return measure

    return register


def _fingerprint(measure: Measure) -> str:
    """Hash the file of a plug-in's proxy; empty for built-in ones, which the engine's version identifies."""
    if measure.__module__.startswith(plugins.OURS):
        return ""
    return hashlib.sha256(Path(inspect.getfile(measure)).read_bytes()).hexdigest()[:16]


def get(name: str) -> ZeroCostProxy:
    """Return the zero-cost proxy called ``name``.

    Args:
        name: Name of a built-in proxy or of one that a plug-in registers.

    Raises:
        UserError: If no proxy has that name. The message lists the accepted names.

    Example:
        >>> get("synflow").title
        'SynFlow'
    """
    if name not in _proxies:
        registry.user_plugins.load()
    if name not in _proxies:
        raise UserError(one_of(name, _proxies, "zero-cost proxy", LISTED))
    return _proxies[name]


def names() -> list[str]:
    """Return all registered names in order of registration, after loading the plug-ins."""
    registry.user_plugins.load()
    return list(_proxies)


for _module in pkgutil.iter_modules([str(PROXIES_FOLDER)]):
    importlib.import_module(f"{__package__}.proxies.{_module.name}")
