"""A proxy as a YAML document: its first member and, under ``ensemble``, what its ranks are aggregated with."""

from __future__ import annotations

import yaml

from eproxy_engine.documents import read_yaml
from eproxy_engine.scoring.ensemble import Ensemble
from eproxy_engine.scoring.member import Member, member_of


def to_yaml(member: Member, ensemble: Ensemble | None = None) -> str:
    """The document; of a configuration alone, what ``Configuration.to_yaml`` writes."""
    values = member.as_dict() | ({"ensemble": ensemble.as_dict()} if ensemble else {})
    return yaml.safe_dump(values, sort_keys=False)


def from_yaml(text: str) -> tuple[Member, Ensemble | None]:
    """The proxy in a document. Raises UserError."""
    values = read_yaml(text)
    ensemble = values.pop("ensemble", None) if isinstance(values, dict) else None
    return member_of(values), None if ensemble is None else Ensemble.from_dict(ensemble)
