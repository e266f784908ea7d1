"""Reading of arguments: strings, numbers and lists become what specifications are made of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

import pandas as pd

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError, shown
from eproxy_engine.fields import Settings, known_keys, table
from eproxy_engine.foreign import read_text
from eproxy_engine.proxy import PRESETS, Configuration, preset
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble, Proxy
from eproxy_engine.scoring.named import NamedProxy, named
from eproxy_engine.scoring.proxy import from_yaml

S = TypeVar("S", bound=Settings)
FILES = (".yaml", ".yml", ".json")


@runtime_checkable
class HasProxy(Protocol):
    """Something that has found a proxy, such as a proxy search."""

    @property
    def proxy(self) -> Proxy:
        """The proxy."""


ProxyLike = str | os.PathLike[str] | Configuration | Baseline | Ensemble | HasProxy
"""A proxy's name (``laptop``, ``naswot``, ``az_nas``, …), the path of a file that `dps --out` wrote, a proxy, or a
result that has found one."""
Architectures = int | Iterable[str]
"""The size of a sample, or architectures as text."""


def sample_of(given: Architectures, rule: str, seed: int) -> Sample:
    """Return the sample that an argument means. Raises UserError."""
    if isinstance(given, int) and not isinstance(given, bool):
        return Sample(rule, given, seed)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise UserError(f"architectures are {shown(given)}; accepted: their number, or a list of texts")
    picked = tuple(given)
    return Sample("picked", len(picked), seed, picked)


def proxy_of(given: ProxyLike, settings: Mapping[str, Any] | None = None) -> Proxy:
    """Return the proxy that an argument means, with changed settings.

    Raises:
        UserError: If there is no such proxy, or a setting is not accepted.

    Example:
        >>> proxy_of("laptop", {"iterations": 3, "branches.0.c_mid": 16}).iterations
        3
        >>> proxy_of("nothing")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        eproxy_engine.errors.UserError: unknown proxy 'nothing'; accepted: eproxy_laptop, eproxy_paper, ...
    """
    proxy = _named(given).proxy
    for key, value in (settings or {}).items():
        if isinstance(proxy, Ensemble):
            raise UserError(f"settings {shown(dict(settings or {}))} of an ensemble; accepted: those of a single proxy")
        proxy = proxy.replace(key, _text(value))
    return proxy


def named_proxies(
    given: ProxyLike | Iterable[ProxyLike] | Mapping[str, ProxyLike], batch: int, width: int | str
) -> tuple[NamedProxy, ...]:
    """Return the proxies that an argument means: one, several, or several with names of one's own. Raises UserError.

    ``batch``, ``width``: images and stem channels of those that are named and are not Eproxy.
    """
    if isinstance(given, Mapping):
        return tuple(NamedProxy(str(name), _named(each, batch, width).proxy) for name, each in given.items())
    if isinstance(given, str | os.PathLike | Configuration | Baseline | Ensemble | HasProxy):
        return (_named(given, batch, width),)
    return tuple(_named(each, batch, width) for each in given)


def _named(given: ProxyLike, batch: int = Baseline.batch, width: int | str = Baseline.width) -> NamedProxy:
    if isinstance(given, Configuration):
        return NamedProxy("eproxy", given)
    if isinstance(given, Baseline):
        return NamedProxy(given.name, given)
    if isinstance(given, Ensemble):
        return NamedProxy("ensemble", given)
    if isinstance(given, str | os.PathLike):
        text = os.fspath(given)
        if text.endswith(FILES):
            return NamedProxy(Path(text).stem, from_yaml(read_text(text)))
        return NamedProxy(text, preset(text)) if text in PRESETS else named(text, batch, width)
    if isinstance(given, HasProxy):
        return NamedProxy("found", given.proxy)
    raise UserError(f"a proxy is {shown(given)}; accepted: a name, the path of a YAML file, or a configuration")


def _text(value: Any) -> str:
    """Write a value as the command line takes it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def settings_of(cls: type[S], given: Mapping[str, Any]) -> S:
    """Return settings with these values; the others have their defaults. Raises UserError."""
    return cls(**plain_settings(cls, given))


def plain_settings(cls: type[Settings], given: Mapping[str, Any]) -> dict[str, Any]:
    """Check the names of settings and read their values. Raises UserError."""
    known = known_keys(cls, dict(given), cls.what)
    return {name: table(cls)[name].accepted.read(name, value) for name, value in known.items()}


def accuracies_of(given: Mapping[str, float] | pd.Series) -> tuple[tuple[str, float], ...]:
    """Return pairs of architecture and accuracy. Raises UserError."""
    try:
        return tuple((str(text), float(accuracy)) for text, accuracy in dict(given).items())
    except (TypeError, ValueError) as error:
        raise UserError(f"labels are {shown(given)}; accepted: an accuracy for each architecture") from error
