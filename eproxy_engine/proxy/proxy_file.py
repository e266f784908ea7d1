"""A proxy as a YAML document: a configuration and, under ``ensemble``, what its ranks are averaged with."""

from __future__ import annotations

import yaml

from eproxy_engine.proxy.configuration import Configuration
from eproxy_engine.proxy.ensemble import Ensemble
from eproxy_engine.proxy.reading import read_yaml


def to_yaml(configuration: Configuration, ensemble: Ensemble | None = None) -> str:
    """The document; of a configuration alone, what :meth:`Configuration.to_yaml` writes."""
    values = configuration.as_dict() | ({"ensemble": ensemble.as_dict()} if ensemble else {})
    return yaml.safe_dump(values, sort_keys=False)


def from_yaml(text: str) -> tuple[Configuration, Ensemble | None]:
    """The proxy in a document. Raises UserError."""
    values = read_yaml(text)
    ensemble = values.pop("ensemble", None) if isinstance(values, dict) else None
    return Configuration.from_dict(values), None if ensemble is None else Ensemble.from_dict(ensemble)
