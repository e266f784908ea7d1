"""The command that launches an architecture search."""

from __future__ import annotations

from typing import Any

from eproxy_engine.runs.command_words import ARCHITECTURES, changed, place_words, proxy_words
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.sampling import Sample
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

SWITCHES = {"stop_at_optimum": "--stop-at-optimum", "measured": "--whole-space"}
"""Settings that are on or off, with what changes them."""


def command(given: ArchitectureSearchSpecification) -> list[Any]:
    """Words of ``search``."""
    words = ["search", *place_words(given), *_settings(given.settings), "--seed", given.seed]
    words += ["--seeds", len(given.seeds)] if len(given.seeds) > 1 else []
    if not given.settings.needs_proxy:
        return words
    words += [*proxy_words(given.proxy), "--proxy-seed", given.proxy_seed]
    return [*words, *(_spent(given.spent) if given.spent else [])]


def _settings(given: ArchitectureSearchSettings) -> list[Any]:
    words: list[Any] = []
    for name in changed(given, ArchitectureSearchSettings()):
        value = getattr(given, name)
        if name == "constraints":
            words += [word for bound, size in value.as_dict().items() for word in (_option(bound), size)]
        else:
            words += [SWITCHES[name]] if name in SWITCHES else [_option(name), value]
    return words


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _spent(sample: Sample) -> list[Any]:
    if sample.rule == "picked":
        return ["--spent-file", ARCHITECTURES]
    return ["--spent", sample.size, "--spent-rule", sample.rule, "--spent-draw", sample.seed]
