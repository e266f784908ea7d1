"""The command that launches a comparison."""

from __future__ import annotations

from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.fields import words as words_of
from eproxy_engine.runs.command_words import place_words, sample_words
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.scoring.named import NamedProxy, named


def command(given: ComparisonSpecification) -> list[Any]:
    """Words of ``compare``."""
    words = ["compare", *place_words(given), *sample_words(given.sample, given.seed, "--sample", "--archs")]
    if len(given.seeds) > 1:
        words += ["--seeds", len(given.seeds)]
    shown = given.measured_on
    for proxy in given.proxies:
        by_name = _is_named(proxy, shown)
        words += ["--proxy", proxy.name] if by_name else ["--config", f"{proxy.name}.yaml"]
    return [*words, *words_of(shown, Baseline(shown.name))]


def _is_named(proxy: NamedProxy, shown: Baseline) -> bool:
    try:
        return named(proxy.name, shown.batch, shown.width) == proxy
    except UserError:
        return False
