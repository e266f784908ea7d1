"""The command that launches an architecture search."""

from __future__ import annotations

from typing import Any

from eproxy_engine.fields import words as words_of
from eproxy_engine.runs.command_words import ARCHITECTURES, place_words, proxy_words
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.sampling import Sample
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings


def command(given: ArchitectureSearchSpecification) -> list[Any]:
    """Words of ``search``."""
    words = [
        "search",
        *place_words(given),
        *words_of(given.settings, ArchitectureSearchSettings()),
        "--seed",
        given.seed,
    ]
    words += ["--seeds", len(given.seeds)] if len(given.seeds) > 1 else []
    if not given.settings.needs_proxy:
        return words
    if given.settings.labels_from:
        return [*words, "--proxy-seed", given.proxy_seed]
    words += [*proxy_words(given.proxy), "--proxy-seed", given.proxy_seed]
    return [*words, *(_spent(given.spent) if given.spent else [])]


def _spent(sample: Sample) -> list[Any]:
    if sample.rule == "picked":
        return ["--spent-file", ARCHITECTURES]
    return ["--spent", sample.size, "--spent-rule", sample.rule, "--spent-draw", sample.seed]
