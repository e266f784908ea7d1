"""What a session has chosen for a proxy search, and its form in the URL."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from eproxy_engine import benchmarks, fields
from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError, shown
from eproxy_engine.sampling import Sample, drawable
from eproxy_engine.search.proxy_search.settings import DEFAULT, ProxySearchSettings, settings

PAPER_TWENTY = "paper-dps-20"
SAMPLE_SIZE = 20
HELD_OUT = 200


@dataclass(frozen=True)
class ProxySearchChoice:
    """Space, task, images and seed are those of the session's specification."""

    sample: Sample = field(default_factory=lambda: Sample("random", SAMPLE_SIZE, 1))
    preset: str = DEFAULT
    """The preset that the settings started from."""
    settings: ProxySearchSettings = field(default_factory=settings)
    held_out: int = HELD_OUT

    @classmethod
    def default(cls, space: str, task: str) -> ProxySearchChoice:
        """The paper's twenty where they are marked, else twenty at random; as many held out as there are, up to 200."""
        return cls(sample=default_sample(space, task), held_out=most_held_out(space, task))

    def to_query(self, space: str, task: str) -> dict[str, Any]:
        """Parameters of the URL; what is at its default is left out."""
        values: dict[str, Any] = {}
        if self.sample.rule == "picked":
            values |= {"dps-rule": "picked", "dps-picked": list(self.sample.picked)}
        elif self.sample != default_sample(space, task):
            values |= {"dps-rule": self.sample.rule, "dps-n": self.sample.size, "dps-draw": self.sample.seed}
        if self.preset != DEFAULT:
            values["dps-preset"] = self.preset
        if changes := fields.changed(self.settings, settings(self.preset)):
            values["dps"] = fields.short_json(changes)
        if self.held_out != most_held_out(space, task):
            values["held-out"] = self.held_out
        return values


def default_sample(space: str, task: str) -> Sample:
    """Twenty architectures for a search."""
    if PAPER_TWENTY in benchmarks.subsets(space) and benchmarks.known(space, task)[f"in:{PAPER_TWENTY}"].any():
        return Sample(PAPER_TWENTY, SAMPLE_SIZE, 1)
    return Sample("random", min(SAMPLE_SIZE, max(drawable(space, task), 1)), 1)


def most_held_out(space: str, task: str) -> int:
    """How many other architectures judge by default."""
    return max(min(HELD_OUT, drawable(space, task) - SAMPLE_SIZE), 0)


def changed(name: str, text: str) -> ProxySearchSettings:
    """The settings of that preset with the changes in ``text``, JSON. Raises UserError."""
    return ProxySearchSettings.from_dict({**settings(name).as_dict(), **changes_in(text, "settings")})


def changes_in(text: str, of: str) -> dict[str, Any]:
    """The mapping in a part of the URL. Raises UserError."""
    changes = read_yaml(text)
    if not isinstance(changes, dict):
        raise UserError(f"{shown(text)} is not a mapping of {of}")
    return changes


def with_preset(choice: ProxySearchChoice, name: str) -> ProxySearchChoice:
    """The choice with the settings of a preset."""
    return replace(choice, preset=name, settings=settings(name))
